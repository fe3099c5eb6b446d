from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.casefile.addresses import cleaned, compared, host_of, original
from geo.casefile.citations import read_citation, read_citations
from geo.model import Source

CHRISTMAS = date(2024, 12, 25)


@pytest.mark.parametrize(
    ("pasted", "entry"),
    [
        pytest.param(
            "Reuters, ‘Title of it: one, two’, 25 December 2024, https://www.reuters.com/w/x-2024-12-25/?utm_source=a&b=1",  # noqa: RUF001  letters of other languages are meant
            {
                "publisher": "Reuters",
                "title": "Title of it: one, two",
                "url": "https://www.reuters.com/w/x-2024-12-25/?b=1",
                "published": CHRISTMAS,
            },
            id="publisher and title in quotation marks",
        ),
        pytest.param(
            "Plane crashes near Aktau, killing 38, Reuters, 25 December 2024, https://www.reuters.com/x",
            {
                "publisher": "Reuters",
                "title": "Plane crashes near Aktau, killing 38",
                "url": "https://www.reuters.com/x",
                "published": CHRISTMAS,
            },
            id="as our page writes it, known by the host",
        ),
        pytest.param(
            'Troianovski, Anton. "Russia’s air defence, and the plane." The New York Times, 27 Dec. 2024, '
            "www.nytimes.com/x. Accessed 3 January 2025.",
            {
                "publisher": "The New York Times",
                "title": "Russia’s air defence, and the plane",
                "url": "https://www.nytimes.com/x",
                "published": date(2024, 12, 27),
                "retrieved": date(2025, 1, 3),
                "note": "Troianovski, Anton",
            },
            id="MLA",
        ),
        pytest.param(
            "Smith, J. (2024, December 25). Plane crashes near Aktau. BBC News. https://www.bbc.com/news/articles/c1",
            {
                "publisher": "BBC News",
                "title": "Plane crashes near Aktau",
                "url": "https://www.bbc.com/news/articles/c1",
                "published": CHRISTMAS,
                "note": "Smith",
            },
            id="APA",
        ),
        pytest.param(
            "Tagesschau: „Flugzeug abgestürzt“, 25.12.2024, abgerufen am 26.12.2024, https://www.tagesschau.de/a.html",
            {
                "publisher": "Tagesschau",
                "title": "Flugzeug abgestürzt",
                "url": "https://www.tagesschau.de/a.html",
                "published": CHRISTMAS,
                "retrieved": date(2024, 12, 26),
            },
            id="German",
        ),
        pytest.param(
            "ТАСС. «Самолёт упал». 25 декабря 2024. https://tass.ru/a (дата обращения: 26 декабря 2024)",  # noqa: RUF001  letters of other languages are meant
            {
                "publisher": "ТАСС",  # noqa: RUF001  letters of other languages are meant
                "title": "Самолёт упал",
                "url": "https://tass.ru/a",
                "published": CHRISTMAS,
                "retrieved": date(2024, 12, 26),
            },
            id="Russian",
        ),
        pytest.param(
            "[Plane crash in Aktau](https://en.wikipedia.org/wiki/A_(b)), Wikipedia",
            {
                "publisher": "Wikipedia",
                "title": "Plane crash in Aktau",
                "url": "https://en.wikipedia.org/wiki/A_(b)",
            },
            id="Markdown, parentheses of the address",
        ),
        pytest.param(
            "https://web.archive.org/web/20241226101112/https://www.reuters.com/x/",
            {
                "publisher": "",
                "title": "",
                "url": "https://www.reuters.com/x/",
                "archived": "https://web.archive.org/web/20241226101112/https://www.reuters.com/x/",
            },
            id="Wayback Machine",
        ),
        pytest.param(
            "https://archive.today/2024.12.26-101112/https://example.org/a",
            {
                "publisher": "",
                "title": "",
                "url": "https://example.org/a",
                "archived": "https://archive.today/2024.12.26-101112/https://example.org/a",
            },
            id="archive.today, long",
        ),
        pytest.param(
            "https://archive.ph/AbC12",
            {"publisher": "", "title": "", "archived": "https://archive.ph/AbC12"},
            id="archive.today, short: nobody says of what",
        ),
        pytest.param(
            "https://example.org/a archived at https://web.archive.org/web/2024/https://example.org/b",
            {
                "publisher": "",
                "title": "",
                "url": "https://example.org/a",
                "archived": "https://web.archive.org/web/2024/https://example.org/b",
            },
            id="the address itself before that of the copy",
        ),
        pytest.param(
            "doi:10.1000/xyz(12)3.",
            {"publisher": "", "title": "", "url": "https://doi.org/10.1000/xyz(12)3"},
            id="DOI",
        ),
        pytest.param(
            '@article{x, title={{The} Crash of {\\"O}sel \\& more}, author={Doe, Jane and Roe, R}, journal="Nature", '
            "year=2024, month=dec, doi={10.1000/abc}, urldate={2025-01-03}, langid={ngerman}}",
            {
                "publisher": "Nature",
                "title": "The Crash of Ösel & more",
                "url": "https://doi.org/10.1000/abc",
                "published": "2024-12",
                "retrieved": date(2025, 1, 3),
                "language": "de",
                "note": "Doe, Jane; Roe, R",
            },
            id="BibTeX",
        ),
        pytest.param(
            "TY  - NEWS\nTI  - A crash\nT2  - The Times\nDA  - 2024/12/25/\nUR  - https://thetimes.com/a\n"
            "Y2  - 2025/01/03/\nLA  - en\nER  - ",
            {
                "publisher": "The Times",
                "title": "A crash",
                "url": "https://thetimes.com/a",
                "published": CHRISTMAS,
                "retrieved": date(2025, 1, 3),
                "language": "en",
            },
            id="RIS",
        ),
        pytest.param(
            "<ref>{{cite web |url=https://a.org/x |title=A [[crash|crash site]] |website=[[Reuters]] "
            "|date=25 December 2024 |access-date=2025-01-03 "
            "|archive-url=https://web.archive.org/web/2024/https://a.org/x}}</ref>",
            {
                "publisher": "Reuters",
                "title": "A crash site",
                "url": "https://a.org/x",
                "published": CHRISTMAS,
                "retrieved": date(2025, 1, 3),
                "archived": "https://web.archive.org/web/2024/https://a.org/x",
            },
            id="template of a wiki",
        ),
        pytest.param(
            "https://www.google.com/url?q=https://a.org/x&sa=D",
            {"publisher": "", "title": "", "url": "https://a.org/x"},
            id="an address that passes on",
        ),
    ],
)
def test_a_citation_is_taken_apart(pasted, entry):
    citation = read_citation(pasted)
    assert citation.entry == entry
    assert Source.model_validate(citation.entry).publisher == entry["publisher"]


def test_a_list_is_several_citations():
    found = read_citations("https://a.org/1\n\nhttps://a.org/2\n")
    assert [each.url for each in found] == ["https://a.org/1", "https://a.org/2"]
    both = "@misc{a, title={One}, url={https://a.org/1}}\n@misc{b, title={Two}, url={https://a.org/2}}"
    assert [each.title for each in read_citations(both)] == ["One", "Two"]
    with pytest.raises(ValueError, match="2 citations"):
        read_citation(both)


@pytest.mark.parametrize(
    "pasted",
    ["", "  \n ", "hello", "25/12/2024", "javascript:alert(1)", "data:text/html,<b>", "ftp://a.org/x", "x" * 5000],
)
def test_what_is_no_citation_says_what_to_paste(pasted):
    with pytest.raises(ValueError, match=r"paste|write for example|at most"):
        read_citations(pasted)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.reuters.com/x/", "http://reuters.com/x"),
        ("https://reuters.com/x?utm_source=feed&fbclid=1", "https://reuters.com/x"),
        ("https://reuters.com/x?b=2&a=1", "https://reuters.com/x?a=1&b=2"),
        ("https://m.example.org/x", "https://www.example.org/x/amp"),
        ("https://example.org:443/x#part", "https://example.org/x"),
        ("https://web.archive.org/web/20241226/https://example.org/x", "https://example.org/x"),
        ("https://archive.ph/2024.12.26-101112/https://example.org/x", "https://example.org/x"),
        ("https://example.org/%D0%B0", "https://example.org/а"),  # noqa: RUF001  a Cyrillic letter is meant
        ("https://EXAMPLE.org/x", "https://example.org/x"),
    ],
)
def test_addresses_of_one_page_are_one(one, other):
    assert compared(one) == compared(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/x", "https://example.org/y"),
        ("https://example.org/X", "https://example.org/x"),
        ("https://example.org/?id=1", "https://example.org/?id=2"),
        ("https://example.org:8443/x", "https://example.org/x"),
        ("https://one.example.org/x", "https://two.example.org/x"),
        ("https://archive.ph/AbC12", "https://archive.ph/AbC13"),
    ],
)
def test_addresses_of_two_pages_are_two(one, other):
    assert compared(one) != compared(other)


def test_an_address_loses_who_shared_it_and_nothing_else():
    assert (
        cleaned("https://user:secret@Example.org:8443/A/?q=1&gclid=x#:~:text=abc") == "https://example.org:8443/A/?q=1"
    )
    assert cleaned("https://example.org/#/page") == "https://example.org/#/page"
    assert cleaned("https://[broken") == "https://[broken"
    assert host_of("https://www.example.org/x") == "example.org"


@given(st.text(max_size=300) | st.from_regex(r"[^\n]{0,40}https?://[\w./?=&%-]{1,60}[^\n]{0,40}", fullmatch=True))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        found = read_citations(text)
    except ValueError as wrong:
        refused = str(wrong)
        found = ()
    assert found or len(refused) > 20
    for citation in found:
        for address in (citation.url, citation.archived):
            assert address is None or address.lower().startswith(("http://", "https://"))


@given(
    st.from_regex(
        r"https?://[a-z]{1,9}\.[a-z]{2,3}(/[a-zA-Z0-9._~-]{0,9}){0,3}(\?[a-z]{1,3}=[a-z0-9]{0,4})?", fullmatch=True
    )
)
def test_cleaning_and_comparing_settle(address):
    assert cleaned(cleaned(address)) == cleaned(address)
    assert compared(cleaned(address)) == compared(address)
    page, copy = original(f"https://web.archive.org/web/20241226101112/{address}")
    assert (page, copy is not None) == (cleaned(address), True)
