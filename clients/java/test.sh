#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Tests the Java client. Needs the paths of the programs in DISSECTD and DISSECTCTL, and
# the packages of tools/packages/clients-java.txt. The last line has counts.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
repository="${XDG_CACHE_HOME:-$HOME/.cache}/dissectd/maven"
: "${DISSECTD:?}" "${DISSECTCTL:?}"

cd "$root/clients/java"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

maven() {
  mvn --batch-mode --no-transfer-progress --quiet -Dstyle.color=never \
    -Dmaven.repo.local="$repository" "$@"
}

fail() {
  printf 'FAILED: %s\n' "$1"
  failed=$((failed + 1))
}

# Compiles with all warnings as errors, and runs the tests.
rm -rf target/surefire-reports
maven package || fail 'mvn package'

# Prints the sum of an attribute of all test suites.
sum_of() {
  cat target/surefire-reports/*.xml 2>/dev/null |
    sed -nE "s/^<testsuite .* $1=\"([0-9]+)\".*/\1/p" |
    awk '{ sum += $1 } END { print sum + 0 }'
}
failures=$(($(sum_of failures) + $(sum_of errors)))
passed=$(($(sum_of tests) - failures))
failed=$((failed + failures))

maven dependency:build-classpath -Dmdep.outputFile="$work/classpath" \
  -DincludeScope=runtime
classpath="target/classes:$(<"$work/classpath")"
if javac --release 17 -Xlint:all -Werror -d "$work" -cp "$classpath" \
  examples/Jobs.java; then
  # Quick to start rather than quick to run.
  program="java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp"
  program+=" $work:$(realpath target/classes):$(<"$work/classpath") Jobs"
  ../jobs/run.py --program "$program" >"$work/log" 2>&1 || fail 'the jobs'
  cat "$work/log"
  if counts="$(tail -n 1 "$work/log" | grep -E '^[0-9]+ passed, [0-9]+ failed$')"; then
    passed=$((passed + ${counts%% *}))
  fi
else
  fail 'the example'
fi
printf '%d passed, %d failed\n' "$passed" "$failed"
exit "$((failed > 0))"
