"""Terms are written in few calls, and read as if Whoosh had written them."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.system import pack_uint
from whoosh.util.numeric import byte_to_length

from corpus.search.whoosh_backend.terms import write_field

FIELDS = {
    "places": fields.FieldType(formats.Positions(), None, scorable=True),
    "only whether": fields.FieldType(formats.Existence(), None),
    "how often": fields.FieldType(formats.Frequency(), None, scorable=True),
}


@st.composite
def inverted(draw, valued):
    """Of some words the documents that have them: few, or so many that blocks are full."""
    found, chance = {}, draw(st.randoms(use_true_random=False))
    for word in draw(st.sets(st.binary(min_size=1, max_size=6), max_size=8)):
        count = draw(st.sampled_from([1, 2, 31, 32, 33, 127, 128, 129, 256, 300]))
        weights = draw(st.sampled_from([[1.0], [2.0], [1.0, 2.0, 0.5]]))
        numbers = sorted(chance.sample(range(1000), count))
        found[word] = [(n, chance.choice(weights), chance.choice(valued)) for n in numbers]
    return found


VALUES = {
    "places": [formats.Positions().encode(at) for at in ([1], [0, 5], [2, 3, 300])],
    "only whether": [b""],
    "how often": [pack_uint(n) for n in (1, 2, 70)],
}


def read(field, write):
    """What a reader is told of the terms that ``write`` writes."""
    storage, codec = RamStorage(), W3Codec()
    segment = codec.new_segment(storage, "x")
    writer = codec.field_writer(storage, segment)
    write(writer)
    writer.close()
    reader = codec.terms_reader(storage, segment)
    told = []
    for name, term in reader.terms():
        info, postings = reader.term_info(name, term), []
        matcher = reader.matcher(name, term, field.format)
        while matcher.is_active():
            postings.append((matcher.id(), matcher.weight(), matcher.value() or None))
            matcher.next()
        told.append(
            (name, term, info.weight(), info.doc_frequency(), info.min_length(), info.max_length(),
             info.max_weight(), info.min_id(), info.max_id(), postings)
        )  # fmt: skip
    return told


@pytest.mark.parametrize("kind", FIELDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_terms_are_read_as_if_whoosh_had_written_them(kind, data):
    field, found = FIELDS[kind], data.draw(inverted(VALUES[kind]))
    lengths = bytes(1 + number % 50 for number in range(1000)) if field.scorable else None

    def ours(writer):
        flat = defaultdict(list)
        for word, postings in found.items():
            flat[word] = [part for posting in postings for part in posting]
        write_field(writer, "any", field, flat, lengths)
        assert not flat

    def whooshs(writer):
        writer.start_field("any", field)
        for word in sorted(found):
            writer.start_term(word)
            for number, weight, value in found[word]:
                length = byte_to_length(lengths[number]) if lengths else None
                writer.add(number, weight, value, length)
            writer.finish_term()
        writer.finish_field()

    assert read(field, ours) == read(field, whooshs)
