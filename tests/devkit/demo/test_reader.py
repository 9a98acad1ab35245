"""Records as the consumer outside prints them."""

from devkit.demo import reader
from devkit.demo.reader import Record
from devkit.traffic import observatory
from devkit.traffic.framing import frame
from devkit.traffic.recipe import Recipe

TOPIC = observatory.topic("lsst.sal.MTMount.elevation")


def test_a_record_of_the_producer_is_read_with_its_schema() -> None:
    value = frame(7) + Recipe(TOPIC, seed=1).encode(42, 1_700_000_000_250_000)
    fields = reader.decode(value, TOPIC.schema)
    line = str(Record(TOPIC.name, 7, fields))
    assert line.startswith("22:13:20.250 MTMount.elevation #42 actualPosition=")
    assert "private_" not in line
    assert "\n" not in line


def test_values_are_short() -> None:
    assert reader.text([1.0, 2.0]) == "[2 values]"
    assert reader.text(3.14159265) == "3.1416"
    assert reader.text("park\n5 µm") == r'"park\n5 µm"'
