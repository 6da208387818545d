"""Provides the sources of programs as files that tests can read."""

_Sources = provider(
    doc = "C++ sources of this tree.",
    fields = {"files": "depset of File"},
)

def _collect_impl(target, ctx):
    files = []
    for attribute in ["srcs", "hdrs"]:
        for file in getattr(ctx.rule.files, attribute, []):
            # Leaves out generated files and Debian's.
            if file.is_source and not file.path.startswith("external/"):
                files.append(file)
    deps = getattr(ctx.rule.attr, "deps", [])
    return [_Sources(files = depset(
        files,
        transitive = [dep[_Sources].files for dep in deps if _Sources in dep],
    ))]

_collect = aspect(implementation = _collect_impl, attr_aspects = ["deps"])

def _program_sources_impl(ctx):
    files = depset(transitive = [
        program[_Sources].files
        for program in ctx.attr.programs
    ])
    return [DefaultInfo(files = files, runfiles = ctx.runfiles(
        transitive_files = files,
    ))]

program_sources = rule(
    implementation = _program_sources_impl,
    attrs = {
        "programs": attr.label_list(
            doc = "Of which all sources are wanted, dependencies included.",
            aspects = [_collect],
            mandatory = True,
        ),
    },
)
