"""A conversational mock interviewer for Machine Learning Engineer interviews.

The floor plan is in docs/design.md: schema and errors on the ground, doors to data and frameworks
above them, then grading, agent and report, session, programme, and the roofs `cli` and `ui`.
"""

__version__ = "0.1.0"
