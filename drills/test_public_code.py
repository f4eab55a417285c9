"""What others read before they take the project: each file says under which licence it is, by REUSE's own tool."""

from .environments import ROOT, run, with_requirements


def test_every_file_says_its_copyright_and_licence():
    python = with_requirements(ROOT / "requirements-drills.txt")

    said = run([python.parent / "reuse", "lint", "--plain"], cwd=ROOT)

    assert "Congratulations! Your project is compliant" in said
