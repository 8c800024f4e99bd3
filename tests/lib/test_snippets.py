from __future__ import annotations

from baton.lib.snippets import WIDTH, Marker, Snippet
from baton.lib.words import stem

TERMS = ["mail", "server", "отчет"]
MARKER = Marker(lambda word: TERMS.index(stem(word)) if stem(word) in TERMS else None)
FILLER = "lorem ipsum dolor sit amet " * 20


def test_a_short_text_is_shown_whole() -> None:
    assert MARKER.mark("The Mails of\n\n  the SERVER") == Snippet(
        "The <mark>Mails</mark> of the <mark>SERVER</mark>", 2
    )
    assert MARKER.mark("Nothing & nobody") == Snippet("Nothing &amp; nobody", 0)
    assert MARKER.mark("") == Snippet("", 0)


def test_what_people_wrote_is_escaped() -> None:
    snippet = MARKER.mark('<script>mail</script> "server" <mark>')
    assert snippet.html == (
        "&lt;script&gt;<mark>mail</mark>&lt;/script&gt; &quot;<mark>server</mark>&quot; &lt;mark&gt;"
    )


def test_letters_that_are_compared_alike_are_shown_as_they_are() -> None:
    assert MARKER.mark("Отче\u0308ты и ОТЧЁТ").html == "<mark>Отчёты</mark> и <mark>ОТЧЁТ</mark>"


def test_a_long_text_is_cut_between_words_where_most_of_them_stand() -> None:
    snippet = MARKER.mark(f"mail {FILLER} about the mail server, that is {FILLER}")
    assert "<mark>mail</mark> <mark>server</mark>," in snippet.html
    assert snippet.words == 2
    assert snippet.html.startswith("…")
    assert snippet.html.endswith("…")
    plain = snippet.html.replace("<mark>", "").replace("</mark>", "").strip("…")
    assert len(plain) <= WIDTH
    assert set(plain.replace(",", "").split()) <= set(f"about the mail server that is {FILLER}".split())


def test_a_text_without_spaces_is_cut_somewhere() -> None:
    assert len(MARKER.mark("x" * 1000).html) == WIDTH + 1
    assert MARKER.mark("日本" * 200 + " mail").html.endswith("<mark>mail</mark>")
