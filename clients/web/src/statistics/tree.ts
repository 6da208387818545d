// SPDX-License-Identifier: Apache-2.0

/** Trees as the daemon sends them: in pre-order, each node with its depth. */

export interface TreeNode<Value> {
  /** Where it is in the whole tree. */
  readonly index: number;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly value: Value;
}

export function treeOf<Value extends { readonly depth: number }>(
  values: readonly Value[],
): TreeNode<Value>[] {
  return values.map((value, index) => ({
    index,
    depth: value.depth,
    hasChildren: (values[index + 1]?.depth ?? 0) > value.depth,
    value,
  }));
}

/** Returns the nodes that can be seen while some are collapsed. */
export function visibleNodes<Value>(
  nodes: readonly TreeNode<Value>[],
  collapsed: ReadonlySet<number>,
): TreeNode<Value>[] {
  const shown: TreeNode<Value>[] = [];
  let hiddenBelow = Infinity;
  for (const node of nodes) {
    if (node.depth > hiddenBelow) continue;
    hiddenBelow = collapsed.has(node.index) ? node.depth : Infinity;
    shown.push(node);
  }
  return shown;
}

/** Returns the node above another one; undefined for a root. */
export function parentOf<Value>(
  nodes: readonly TreeNode<Value>[],
  node: TreeNode<Value>,
): TreeNode<Value> | undefined {
  return nodes.slice(0, nodes.indexOf(node)).findLast(({ depth }) => depth < node.depth);
}

/** Returns where the first node begins that isn't below the one at a place. */
function endOf<Value>(nodes: readonly TreeNode<Value>[], at: number): number {
  const depth = nodes[at]?.depth ?? 0;
  let end = at + 1;
  while ((nodes[end]?.depth ?? 0) > depth) ++end;
  return end;
}

/** Returns the tree with the nodes below each one sorted. */
export function sortedTree<Value>(
  nodes: readonly TreeNode<Value>[],
  compare: (a: Value, b: Value) => number,
): TreeNode<Value>[] {
  const branches: TreeNode<Value>[][] = [];
  for (let at = 0; at < nodes.length;) {
    const end = endOf(nodes, at);
    branches.push(nodes.slice(at, end));
    at = end;
  }
  branches.sort(([a], [b]) => (a && b ? compare(a.value, b.value) : 0));
  return branches.flatMap(([top, ...below]) => (top ? [top, ...sortedTree(below, compare)] : []));
}
