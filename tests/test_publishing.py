"""What builds the book elsewhere does what `make` does here, and may do no more."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
WRITES = {("pages.yml", "deploy"): {"pages", "id-token"}}  # and nobody else
KEYS = {"name", "on", "permissions", "concurrency", "jobs"}
JOB_KEYS = {"runs-on", "timeout-minutes", "permissions", "steps", "needs"}
JOB_KEYS |= {"environment"}
STEP_KEYS = {"id", "uses", "with", "run", "env"}

each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def read(path):
    """A file of settings; the loader takes every word for a word, also `on`."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def steps(path):
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows_for_the_pages_and_for_the_tests():
    assert [path.name for path in WORKFLOWS] == ["pages.yml", "tests.yml"]


@each
def test_a_workflow_has_the_keys_that_one_may_have(path):
    workflow = read(path)
    assert set(workflow) == KEYS
    for job in workflow["jobs"].values():
        assert {"runs-on", "timeout-minutes", "steps"} <= set(job) <= JOB_KEYS
        assert job.get("needs", "") in {"", *workflow["jobs"]}
    for step in steps(path):
        assert set(step) <= STEP_KEYS
        assert ("uses" in step) != ("run" in step)


@each
def test_what_a_workflow_runs_is_a_target_of_make(path):
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    assert {command.partition(" ")[0] for command in commands} == {"make"}
    assert {command.partition(" ")[2] for command in commands} <= set(TARGETS)


@each
def test_an_action_is_pinned_by_its_commit_and_says_its_version(path):
    lines = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert len(lines) == sum("uses" in step for step in steps(path))
    for line in lines:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_the_same_action_has_the_same_commit_everywhere():
    found = {line for path in WORKFLOWS for line in uses(path)}
    assert len({line.partition("@")[0] for line in found}) == len(found)


def uses(path):
    return [step["uses"] for step in steps(path) if "uses" in step]


@each
def test_no_job_may_write_what_it_need_not(path):
    workflow = read(path)
    assert set((workflow["permissions"] or {}).values()) <= {"read"}
    for name, job in workflow["jobs"].items():
        granted = job.get("permissions", {}).items()
        writes = {what for what, how in granted if how != "read"}
        assert writes == WRITES.get((path.name, name), set())


@each
def test_the_key_to_the_repository_does_not_stay_in_the_checkout(path):
    checkouts = [step for step in steps(path) if "checkout@" in step.get("uses", "")]
    assert checkouts
    assert all(step["with"] == {"persist-credentials": "false"} for step in checkouts)


def test_the_pages_that_are_published_are_those_that_make_html_built():
    upload = next(
        step for step in steps(WORKFLOWS[0]) if "upload" in step.get("uses", "")
    )
    assert upload["with"] == {"path": "build/html"}


def test_read_the_docs_publishes_what_make_html_built():
    settings = read(ROOT / ".readthedocs.yaml")
    assert settings == {
        "version": "2",
        "build": {
            "os": "ubuntu-24.04",
            "tools": {"python": "3.13"},
            "commands": [
                "make html",
                'mkdir -p "$READTHEDOCS_OUTPUT"',
                'cp -r build/html "$READTHEDOCS_OUTPUT/html"',
            ],
        },
    }
    assert "html" in TARGETS
