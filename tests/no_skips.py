"""A pytest plugin for CI (``-p tests.no_skips``): a skipped test or file has failed.

Skipping is for machines that lack something; CI installs what is lacking, so a skip there means
that something was not tested at all.
"""

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport():
    return _failed_if_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report():
    return _failed_if_skipped((yield))


def _failed_if_skipped(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nNothing may be skipped in CI: install what is missing."
    return report
