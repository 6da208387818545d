"""How clang reads a source of a C++ target."""

def clang_flags(copts, context):
    """Returns the flags that clang needs to parse a source.

    Args:
      copts: the target's compiler options.
      context: the target's compilation context.
    """
    flags = ["-xc++", "-std=c++17"]
    for option in copts:
        # Which warnings there are is up to who calls clang.
        if not option.startswith("-W"):
            flags.append(option)
    for define in context.defines.to_list() + context.local_defines.to_list():
        flags.append("-D" + define)
    for folder in context.quote_includes.to_list():
        flags += ["-iquote", folder]

    # Our own headers are found by -iquote: the rest is generated or Debian's.
    for folder in context.includes.to_list() + context.system_includes.to_list():
        flags += ["-isystem", folder]
    return flags
