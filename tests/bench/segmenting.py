"""What segmenting bare threads costs beside storing them, and whether it is linear."""

from tests.bench import importing
from tests.bench.timing import ratio

#: Posts of the bare threads, and of one very long thread against one of a tenth.
POSTS, LONG = 5_000, 50_000


def measured():
    segmenting, storing = importing.bare(POSTS)
    short = importing.bare(LONG // 10, posts_in_thread=LONG // 10)
    long = importing.bare(LONG, posts_in_thread=LONG)
    return {
        "segmenting_to_storing": ratio(segmenting, storing),
        "long_thread_posts": LONG,
        "segmenting_a_post_of_it_to_one_of_a_tenth": ratio(long[0], 10 * short[0]),
        "storing_a_post_of_it_to_one_of_a_tenth": ratio(long[1], 10 * short[1]),
        "long_thread_segmenting_to_storing": ratio(*long),
    }
