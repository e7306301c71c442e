import type { SyntaxNode } from '@lezer/common'

/** All children of a node, in the order of the text. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let one = node.firstChild; one; one = one.nextSibling) found.push(one)
  return found
}

/** The first child with this name. */
export const child = (node: SyntaxNode, name: string): SyntaxNode | null =>
  children(node).find((one) => one.name === name) ?? null

/**
 * All nodes with this name below a node, in the order of the text. The search enters only nodes named `through`, because the
 * grammar nests the elements of a list.
 */
export function descendants(node: SyntaxNode, name: string, through: string): SyntaxNode[] {
  const found: SyntaxNode[] = []
  const open = children(node).reverse()
  for (let one = open.pop(); one; one = open.pop()) {
    if (one.name === name) found.push(one)
    else if (one.name === through) open.push(...children(one).reverse())
  }
  return found
}
