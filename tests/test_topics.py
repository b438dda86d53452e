"""The topics cover the syllabus: every phrase of its skills list, problems and stories is some topic's.

The phrases stand here as the syllabus has them, written by hand; change both or neither.
"""

from __future__ import annotations

from interviewer.content import load_bank

CODING = """
arrays; strings; hash maps; two pointers; sliding window; trees; graphs; heaps; tries; union-find;
backtracking; dynamic programming; sorting and searching; linked lists; design/OOP; maths and bits;
NumPy; pandas; scikit-learn; PyTorch
"""
ML_CODING = """
linear regression; logistic regression with L2; gradient descent;
decision tree (information gain, Gini); k-means; AdaBoost; a small CNN; attention;
a feature pipeline; a text classifier with proper evaluation
"""
ML_FUNDAMENTALS = """
linear regression; logistic regression; loss functions; gradient descent; evaluation; precision;
recall; F1; ROC-AUC; PR; cross-validation; bias-variance; L1/L2; trees; random forests;
gradient boosting; XGBoost/LightGBM internals; bagging vs boosting; AdaBoost; stacking; SVMs; kernels;
soft margin; clustering; silhouette; elbow; dimensionality reduction; feature engineering; encodings;
scaling; missing values; crosses; time features; selection; feature stores
"""
DEEP_LEARNING = """
forward and backward pass; activations; initialisation; vanishing gradients; CNNs; LeNet to ResNet;
pooling; batch norm; residuals; transfer learning; RNN; LSTM; GRU; seq2seq; optimisation; SGD; Adam;
schedules; batch size; regularisation; dropout; early stopping; augmentation; weight decay; attention;
multi-head; positional encoding; encoder-decoder
"""
LLMS_AND_SCALE = """
GPT vs BERT vs T5; pre-training objectives; fine-tuning; LoRA; prompt tuning; RLHF;
data vs model parallelism; gradient accumulation; mixed precision; DeepSpeed; FSDP; embeddings;
word2vec; contextual; tables at scale
"""
RECOMMENDERS = """
matrix factorisation; two-tower; multi-task; multi-stage ranking; learning to rank; pointwise;
pairwise; listwise
"""
SERVING_AND_OPERATIONS = """
batch vs real time; model versioning; canary; shadow mode; TF Serving / TorchServe / Triton;
ETL vs ELT; data validation; schema evolution; training-serving skew; data versioning;
stream processing (Kafka, Flink); A/B tests; significance; bandits; interleaving; drift; degradation;
alerting; retraining triggers
"""
PAPERS = "Attention Is All You Need; ResNet; BatchNorm"
DESIGN_PROBLEMS = """
marketplace recommender; e-commerce recommender; job search ranking; fraud detection;
content moderation; ads ranking; feed ranking; real-time anomaly detection for payments; visual search;
newsfeed; web search; company-specific ones
"""
DEBUGGING = """
data leakage; label noise; distribution shift; feature bugs; training instability;
training-serving skew; good offline but bad online; high train and low test accuracy
"""
STORIES = """
leadership; conflict; failure; ambiguity; impact; collaboration; technical depth; mentoring;
tell me about yourself; questions to ask the interviewer
"""
WHERE = {
    CODING: "coding",
    ML_CODING: "coding",
    ML_FUNDAMENTALS: "ml_fundamentals",
    DEEP_LEARNING: "ml_fundamentals",
    LLMS_AND_SCALE: "ml_fundamentals",
    RECOMMENDERS: "ml_fundamentals",
    SERVING_AND_OPERATIONS: "ml_fundamentals",
    PAPERS: "ml_fundamentals",
    DESIGN_PROBLEMS: "system_design",
    DEBUGGING: "debugging",
    STORIES: "behavioral",
}
LLM_QUESTIONS = """
gpt_bert_t5; subword_tokenisation; rlhf_stages; dpo_versus_ppo; model_as_judge;
lora_fine_tuning; catastrophic_forgetting; soft_prompts_for_many_tasks; distil_or_prune;
data_versus_model_parallelism; training_memory_estimate; gradient_accumulation_equivalence;
fp16_versus_bf16; zero_stages; all_reduce_time;
kv_cache_size; continuous_batching; quantisation_or_speculation; dynamic_batching_server;
first_token_and_the_rest
"""
BANK = load_bank()
TOPICS = BANK.topics


def phrases_of(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(";")]


def test_every_phrase_of_the_syllabus_is_covered_by_a_topic_of_its_round() -> None:
    covered = {(t.round, phrase) for t in TOPICS.values() for phrase in t.covers}
    wanted = {(where, phrase) for text, where in WHERE.items() for phrase in phrases_of(text)}
    assert sorted(wanted - covered) == []


def test_there_are_forty_to_fifty_topics_and_each_covers_something() -> None:
    assert 40 <= len(TOPICS) <= 50
    assert [t.id for t in TOPICS.values() if not t.covers] == []


def test_twenty_questions_are_on_llms_fine_tuning_distributed_training_and_inference() -> None:
    asked = {q.id: q.topic for q in BANK.of_round("ml_fundamentals")}
    wanted = phrases_of(LLM_QUESTIONS)
    assert sorted(set(wanted) - set(asked)) == []
    assert len(set(wanted)) >= 20
    assert {asked[q] for q in wanted} == {"llm_training", "distributed_training", "serving"}
