"""The network that weights are of, by their name: what others' programs open needs the network with its weights."""

from collections.abc import Mapping
from typing import Any

from exsclaim.errors import WeightsError


def network_of(name: str, tensors: Mapping[str, Any]) -> Any:
    """The network of this name with these weights.

    Raises:
        WeightsError: there is none of the name.
    """
    from exsclaim.figures.detection import (
        bar_and_label_network,
        kind_classifier,
        panel_detector,
        panel_network,
        text_network,
    )

    if name == panel_detector.WEIGHTS:
        return panel_network.PanelNetwork.of(tensors)
    if name == kind_classifier.WEIGHTS:
        return kind_classifier.KindNetwork.of(tensors)
    classes = {
        bar_and_label_network.NAME: bar_and_label_network.BarAndLabelNetwork,
        text_network.NAME: text_network.Reader,
        text_network.SCALE_NAME: text_network.Reader,
    }
    if name not in classes:
        known = ", ".join((*classes, panel_detector.WEIGHTS, kind_classifier.WEIGHTS))
        raise WeightsError(f"weights {name!r} are of no network that there is: {known}")
    network = classes[name]()
    network.load_state_dict(tensors)
    return network
