"""The flags with which clang parses the sources of C++ targets."""

def clang_flags(copts, context):
    """Returns the flags that clang needs to parse a source.

    Args:
      copts: the target's compiler options.
      context: the target's compilation context.
    """
    flags = ["-xc++", "-std=c++17"]
    for option in copts:
        # The caller chooses the warnings.
        if not option.startswith("-W"):
            flags.append(option)
    for define in context.defines.to_list() + context.local_defines.to_list():
        flags.append("-D" + define)
    for folder in context.quote_includes.to_list():
        flags += ["-iquote", folder]

    # Our own headers are found by -iquote; all others are system headers.
    for folder in context.includes.to_list() + context.system_includes.to_list():
        flags += ["-isystem", folder]
    return flags
