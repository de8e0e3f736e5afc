"""Computed tables have a head, columns as wide as asked, and cells with paragraphs."""

from docutils import nodes

from docs.plugins.tables import cell, scrolling, table, with_code


def test_a_table_has_its_head_its_widths_and_its_class():
    row = nodes.row("", cell(nodes.Text("a")), cell(nodes.Text("b")))
    made = table({"One": 30, "Two": 70}, [row], "owners")
    assert made["classes"] == ["owners"]
    assert [column["colwidth"] for column in made.findall(nodes.colspec)] == [30, 70]
    texts = [[entry.astext() for entry in row] for row in made.findall(nodes.row)]
    assert texts == [["One", "Two"], ["a", "b"]]
    assert len(list(made.findall(nodes.thead))) == 1


def test_a_table_may_stand_in_a_box_that_scrolls():
    box = scrolling(table({"One": 30}, [], "owners"))
    assert box["classes"] == ["table-wrapper", "owners"]
    assert [type(child) for child in box.children] == [nodes.table]


def test_a_cell_may_reach_over_more_rows():
    assert cell(nodes.Text("a"), morerows=2)["morerows"] == 2
    assert cell(nodes.Text("a"), nodes.Text("b")).astext() == "ab"


def test_code_stands_between_backticks():
    made = [(type(n).__name__, n.astext()) for n in with_code("`x` and `y`: two")]
    assert made == [
        *(("literal", "x"), ("Text", " and ")),
        *(("literal", "y"), ("Text", ": two")),
    ]
