"""A tuned model as ONNX with int8 weights (scaled per channel), computed with in float32.

Weights alone are rounded, as in the base model's file: rounding the activations too (dynamic
quantisation) made no smaller file and moved sentence vectors ten times as far.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from evals.tuning_model import PairModel

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SMALLEST = 1000  # weights with fewer elements stay as they are


def export(net: Any, path: Path) -> None:
    """Write `net`, a BertModel without pooler, to `path`; its output is `last_hidden_state`."""
    _export(net, lambda states, mask: states, "last_hidden_state", path)


def export_pairs(model: PairModel, path: Path) -> None:
    """Write a model of pairs to `path`; its output is `logits`, pairs x 3."""
    model.net.eval()
    model.drop.eval()
    model.head.requires_grad_(False)  # it is written as a constant
    _export(model.net, model.read_off, "logits", path)


def _export(net: Any, read_off: Callable[[Any, Any], Any], output: str, path: Path) -> None:
    import onnx

    full = path.with_suffix(".float32.onnx")
    _write_full(net, read_off, output, full)
    graph = onnx.load(str(full))
    _round_weights(graph)
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))
    full.unlink()


def _write_full(net: Any, read_off: Callable[[Any, Any], Any], output: str, path: Path) -> None:
    import torch

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, ids: Any, mask: Any, kinds: Any) -> Any:
            done = self.net(input_ids=ids, attention_mask=mask, token_type_ids=kinds)
            return read_off(done.last_hidden_state, mask)

    ids = torch.ones(2, 9, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(
        Whole().eval(),
        (ids, ids, ids * 0),
        str(path),
        input_names=list(_INPUTS),
        output_names=[output],
        dynamic_axes=dict.fromkeys((*_INPUTS, output), axes),
        opset_version=17,
        dynamo=False,
    )


def _round_weights(model: Any) -> None:
    """Replace each matrix by int8 values and a scale per row (looked up) or column (multiplied)."""
    from onnx import helper, numpy_helper

    graph = model.graph
    matrices = {
        i.name: numpy_helper.to_array(i)
        for i in graph.initializer
        if len(i.dims) == 2 and i.data_type == 1 and i.dims[0] * i.dims[1] >= _SMALLEST
    }
    nodes, rounded = [], set()
    for node in graph.node:
        place = {"MatMul": 1, "Gather": 0}.get(node.op_type)
        name = node.input[place] if place is not None else ""
        if name in matrices:
            looked_up = node.op_type == "Gather"
            if name not in rounded:
                values, scale = _int8(matrices[name], axis=1 if looked_up else 0)
                graph.initializer.append(numpy_helper.from_array(values, f"{name}.int8"))
                graph.initializer.append(numpy_helper.from_array(scale, f"{name}.scale"))
                rounded.add(name)
            if looked_up:
                ids, out = node.input[1], node.output[0]
                nodes += [
                    helper.make_node("Gather", [f"{name}.int8", ids], [f"{out}.int8"]),
                    helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=1),
                    helper.make_node("Gather", [f"{name}.scale", ids], [f"{out}.scale"]),
                    helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
                ]
                continue
            nodes += [
                helper.make_node("Cast", [f"{name}.int8"], [f"{name}.float"], to=1),
                helper.make_node("Mul", [f"{name}.float", f"{name}.scale"], [f"{name}.weight"]),
            ]
            node.input[1] = f"{name}.weight"
        nodes.append(node)
    kept = [i for i in graph.initializer if i.name not in rounded]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)


def _int8(
    matrix: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)
