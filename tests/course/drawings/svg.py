"""How tests read a drawing: as XML, and never as more than it may be."""

import re
import xml.etree.ElementTree as ET

MOST_BYTES, MOST_NODES, MOST_CELLS = 40_000, 1_500, 1_500
NUMBERS = ("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "d", "transform")
CELLS = ("h1", "h2", "h3", "pos", "neg", "ink")


def parsed(svg: str) -> ET.Element:
    """The drawing, which keeps the rules that every drawing keeps."""
    root = ET.fromstring(svg)  # noqa: S314 - made by the function under test
    assert root.attrib["role"] == "img"
    assert root[0].tag == "title"
    assert root[0].text
    assert root[1].tag == "desc"
    assert root[1].text
    keeps_policy(root)
    stays_small(svg, root)
    return root


def keeps_policy(root: ET.Element) -> None:
    """No style, no script, no colour of its own, no coordinate that is not a number."""
    for node in root.iter():
        assert node.tag not in ("style", "script", "foreignObject", "image", "a", "use")
        assert not {"style", "fill", "stroke", "id"} & set(node.attrib)
        assert not [name for name in node.attrib if name.startswith("on")]
        for name in NUMBERS:
            assert not re.search(r"nan|inf|None|e[+-]\d", node.get(name, "")), ET.tostring(node)
        for name in ("width", "height", "r"):
            assert not node.get(name, "").startswith("-"), ET.tostring(node)


def stays_small(svg: str, root: ET.Element) -> None:
    assert len(svg.encode()) <= MOST_BYTES
    assert sum(1 for _ in root.iter()) <= MOST_NODES
    assert cells(root) <= MOST_CELLS


def cells(root: ET.Element) -> int:
    """Rectangles that heat maps are made of; neighbours of one colour count as one."""
    paths = (node for node in root.iter("path") if node.get("class") in CELLS)
    return sum(path.attrib["d"].count("M") for path in paths)


def words(root: ET.Element) -> list[str]:
    """Every text that is to be seen, in order."""
    return [node.text or "" for node in root.iter("text")]


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in root.iter() if name in node.get("class", "").split()]


def share(length: str) -> float:
    """A length in percent as a share of 1."""
    assert length.endswith("%")
    return float(length[:-1]) / 100
