"""The page: one file per tab, pure view builders beside them. The only gradio import of the project.

Invariant: the page holds a session id and renders what `session` says; it decides and stores nothing.
"""

import os

# Before gradio is imported anywhere below: no telemetry, no look-ups on a hub.
for _name, _value in {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
}.items():
    os.environ.setdefault(_name, _value)
