import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

await Parser.init();
const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));

/** The declarations of a `.bicep` or `.bicepparam` file. Anything the grammar does not know is an error with its place. */
export function parseFile(path: string): Node[] {
  const text = readFileSync(path, 'utf8');
  // The grammar knows templates only. A parameter file's assignments are read as variables.
  const source = path.endsWith('.bicepparam') ? text.replaceAll(/^param /gm, 'var ') : text;
  const tree = parser.parse(source);
  if (tree === null) throw new Error(`${path} cannot be read`);
  const broken = findBroken(tree.rootNode);
  if (broken !== undefined) {
    throw new Error(
      `${path}:${broken.startPosition.row + 1}: syntax error at ${JSON.stringify(broken.text.slice(0, 60))}`,
    );
  }
  return children(tree.rootNode);
}

/** Named children, without comments. */
export function children(node: Node): Node[] {
  return node.namedChildren.filter((child) => !['comment', 'diagnostic_comment'].includes(child.type));
}

export function first(node: Node, type: string): Node | undefined {
  return children(node).find((child) => child.type === type);
}

export function demand(node: Node, type: string): Node {
  const found = first(node, type);
  if (found === undefined) throw new Error(`${node.type} without ${type}: ${node.text.slice(0, 80)}`);
  return found;
}

function findBroken(node: Node): Node | undefined {
  if (node.isError || node.isMissing) return node;
  if (!node.hasError) return undefined;
  for (const child of node.children) {
    const broken = findBroken(child);
    if (broken !== undefined) return broken;
  }
  return undefined;
}
