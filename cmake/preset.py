#!/usr/bin/env python3
"""preset.py <CMakePresets.json> configure|test <name>: what a preset means, for a CMake that reads none (before 3.25).

Prints one argument a line, for cmake: -B, -G and -D; for ctest and its environment: NAME=value, then the options.
./dev passes them on, so CMakePresets.json is the one place where the settings are.
"""
import json
import os
import sys

MERGED = ("cacheVariables", "environment", "output", "execution")


def preset(presets, name):
    """The preset with all that it inherits; what it says itself counts."""
    own = presets[name]
    whole = {}
    for parent in [own["inherits"]] if "inherits" in own else []:
        whole = preset(presets, parent)
    for key, value in own.items():
        whole[key] = {**whole.get(key, {}), **value} if key in MERGED else value
    return whole


def configure(source, name, chosen):
    binary = chosen["binaryDir"].replace("${sourceDir}", source).replace("${presetName}", name)
    yield from ("-S", source, "-B", binary, "-G", chosen["generator"])
    for key, value in chosen["cacheVariables"].items():
        yield f"-D{key}={value}"


def test(source, name, chosen):
    for key, value in chosen.get("environment", {}).items():
        yield f"{key}={value}"
    if chosen["output"]["outputOnFailure"]:
        yield "CTEST_OUTPUT_ON_FAILURE=1"
    execution = chosen["execution"]
    yield from ("ctest", "--timeout", str(execution["timeout"]), "--no-tests=" + execution["noTestsAction"])


def main():
    path, kind, name = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        presets = {p["name"]: p for p in json.load(file)[kind + "Presets"]}
    source = os.path.dirname(os.path.abspath(path))
    print("\n".join({"configure": configure, "test": test}[kind](source, name, preset(presets, name))))


main()
