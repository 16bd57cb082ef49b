"""What segmenting bare threads costs beside storing them, and whether it is linear."""

from tests.bench import importing
from tests.bench.timing import ratio


def measured(posts=5_000):
    """Of so many posts of bare threads, and of one very long thread of ten times as many."""
    segmenting, storing = importing.bare(posts)
    short = importing.bare(posts, posts_in_thread=posts)
    long = importing.bare(10 * posts, posts_in_thread=10 * posts)
    return {
        "segmenting_to_storing": ratio(segmenting, storing),
        "long_thread_posts": 10 * posts,
        "segmenting_a_post_of_it_to_one_of_a_tenth": ratio(long[0], 10 * short[0]),
        "storing_a_post_of_it_to_one_of_a_tenth": ratio(long[1], 10 * short[1]),
        "long_thread_segmenting_to_storing": ratio(*long),
    }
