"""An aspect that runs clang-tidy on the C++ sources of a target.

Each source file is a separate action, so that results are cached and only files
that have changed are checked again. Headers are checked with the sources that
include them. .clang-tidy has the checks.

    bazel build --aspects //tools/bazel:clang_tidy.bzl%clang_tidy \
        --output_groups=clang_tidy //...
"""

load(":clang_flags.bzl", "clang_flags")

# Shows clang-tidy's output only if there are findings, as it always has the
# number of suppressed warnings.
_COMMAND = """
tidy=$1 plugin=$2 config=$3 source=$4 done=$5
shift 5
if ! output="$("$tidy" --quiet --load="$plugin" --config-file="$config" \\
  "$source" -- "$@" 2>&1)"
then
  printf '%s\\n' "$output" >&2
  exit 1
fi
: >"$done"
"""

def _clang_tidy_impl(target, ctx):
    if CcInfo not in target or not hasattr(ctx.rule.attr, "copts"):
        return []
    context = target[CcInfo].compilation_context

    # GCC can't check which mutex guards a member, so clang does.
    flags = clang_flags(ctx.rule.attr.copts, context) + ["-Wthread-safety"]
    results = []
    for source in ctx.rule.files.srcs:
        if not source.is_source or source.extension != "cc":
            continue
        result = ctx.actions.declare_file("%s.%s.clang_tidy" % (
            source.basename,
            ctx.label.name,
        ))
        arguments = ctx.actions.args()
        arguments.add(ctx.file._clang_tidy)
        arguments.add("./" + ctx.file._plugin.path)
        arguments.add(ctx.file._config)
        arguments.add(source)
        arguments.add(result)
        arguments.add_all(flags)
        ctx.actions.run_shell(
            command = _COMMAND,
            arguments = [arguments],
            inputs = depset(
                [
                    source,
                    ctx.file._config,
                    ctx.file._clang_tidy,
                    ctx.file._plugin,
                ] + ctx.rule.files.srcs,
                transitive = [context.headers],
            ),
            outputs = [result],
            mnemonic = "ClangTidy",
            progress_message = "Checking " + source.short_path,
        )
        results.append(result)
    return [OutputGroupInfo(clang_tidy = depset(results))]

clang_tidy = aspect(
    implementation = _clang_tidy_impl,
    attrs = {
        # clang-tidy is an input, so that a new version checks everything again.
        "_clang_tidy": attr.label(
            default = "@system//:clang_tidy",
            allow_single_file = True,
        ),
        "_config": attr.label(
            default = "//:.clang-tidy",
            allow_single_file = True,
        ),
        "_plugin": attr.label(
            default = "//tools/lint:own_code_scope",
            allow_single_file = True,
        ),
    },
)
