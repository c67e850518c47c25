import { dirname, join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { evaluate, loop, properties, type Scope } from './evaluate.ts';
import { children, demand, first, parseFile } from './parse.ts';
import { ModuleRef, ResourceRef, toJson, toText, type Json, type Resource, type Value } from './values.ts';

export interface Parameter {
  readonly file: string;
  readonly name: string;
  readonly secure: boolean;
}

/** What a deployment of one environment comes to, as plain JSON: checks read it, mutation tests change a copy. */
export interface Deployment {
  readonly resources: Resource[];
  readonly outputs: { [name: string]: Json };
  readonly parameters: Parameter[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A `.bicepparam` file, the template it uses, and the modules of that. */
export function deploy(parameterFile: string, environment: Environment): Deployment {
  const nodes = parseFile(parameterFile);
  const using = nodes.find((node) => node.type === 'using_statement');
  if (using === undefined) throw new Error(`${parameterFile} says not which template it uses`);
  const scope: Scope = { file: parameterFile, environment, lookUp: unknownName };
  const given = nodes
    .filter((node) => node.type === 'variable_declaration')
    .map((node) => [demand(node, 'identifier').text, evaluate(valueOf(node), scope)] as const);
  const template = join(dirname(parameterFile), toText(evaluate(demand(using, 'string'), scope)));
  return deployTemplate(template, Object.fromEntries(given), environment);
}

/** One template with its parameters; modules are deployed as they are reached, and only those that apply. */
export function deployTemplate(
  file: string,
  given: Readonly<Record<string, Value>>,
  environment: Environment,
): Deployment & { readonly values: Readonly<Record<string, Value>> } {
  const resources: Resource[] = [];
  const parameters: Parameter[] = [];
  const nodes = parseFile(file);
  const lazy = new Map<string, () => Value>();
  const scope: Scope = { file, environment, lookUp: (name) => (lazy.get(name) ?? unknownName)(name) };
  const declare = (name: string, compute: () => Value): void => {
    lazy.set(name, once(compute));
  };

  let decorators: Node | undefined;
  const outputs: [string, Node][] = [];
  for (const node of nodes) {
    switch (node.type) {
      case 'decorators':
        decorators = node;
        continue;
      case 'import_functionality':
        importInto(declare, node, scope);
        break;
      case 'parameter_declaration': {
        const name = demand(node, 'identifier').text;
        parameters.push({ file, name, secure: decorators?.text.includes('@secure') ?? false });
        declare(name, () => given[name] ?? evaluate(defaultOf(node), scope));
        break;
      }
      case 'variable_declaration':
        declare(demand(node, 'identifier').text, () => evaluate(valueOf(node), scope));
        break;
      case 'resource_declaration':
        declareResource(declare, node, scope, resources);
        break;
      case 'module_declaration':
        declare(demand(node, 'identifier').text, () => {
          const made = deployModule(node, scope);
          resources.push(...made.resources);
          parameters.push(...made.parameters);
          return new ModuleRef(made.values);
        });
        break;
      case 'output_declaration':
        outputs.push([demand(node, 'identifier').text, valueOf(node)]);
        break;
      case 'type_declaration':
      case 'target_scope_assignment':
        break;
      default:
        throw new Error(`${file}: ${node.type} is not known to the checks`);
    }
    decorators = undefined;
  }
  for (const compute of lazy.values()) compute();
  const unknown = Object.keys(given).filter(
    (name) => !parameters.some((known) => known.file === file && known.name === name),
  );
  if (unknown.length > 0) throw new Error(`${file} has no parameter ${unknown.join(', ')}`);
  const values = Object.fromEntries(outputs.map(([name, node]) => [name, evaluate(node, scope)]));
  const plain = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toJson(value)]));
  return { resources, parameters, outputs: plain, values };
}

function deployModule(node: Node, scope: Scope): ReturnType<typeof deployTemplate> {
  const body = bodyOf(node, scope);
  if (body === undefined) return { resources: [], parameters: [], outputs: {}, values: {} };
  const path = join(dirname(scope.file), toText(evaluate(demand(node, 'string'), scope)));
  const params = new Map(properties(body, scope)).get('params');
  return deployTemplate(
    path,
    params === undefined ? {} : (evaluate(params, scope) as Record<string, Value>),
    scope.environment,
  );
}

function importInto(declare: (name: string, compute: () => Value) => void, node: Node, scope: Scope): void {
  const path = join(dirname(scope.file), toText(evaluate(demand(node, 'string'), scope)));
  const wanted = new Set(
    children(node)
      .filter((child) => child.type === 'identifier')
      .map((child) => child.text),
  );
  for (const declaration of parseFile(path)) {
    const name = first(declaration, 'identifier')?.text ?? '';
    if (!wanted.delete(name)) continue;
    if (declaration.type === 'variable_declaration') declare(name, () => evaluate(valueOf(declaration), scope));
  }
  if (wanted.size > 0) throw new Error(`${path} exports no ${[...wanted].join(', ')}`);
}

function declareResource(
  declare: (name: string, compute: () => Value) => void,
  node: Node,
  scope: Scope,
  made: Resource[],
  outer?: { readonly name: string; readonly parent: () => ResourceRef },
): void {
  const own = demand(node, 'identifier').text;
  const symbol = outer === undefined ? own : `${outer.name}::${own}`;
  const body = children(node).at(-1);
  const make = (object: Node, inner: Scope): ResourceRef => {
    const resource = describe(node, object, inner, outer?.parent());
    if (!node.children.some((child) => child.type === 'existing')) made.push(resource.whole);
    return resource.ref;
  };
  declare(symbol, () => {
    if (body?.type === 'for_statement') return loop(body, scope, make);
    const object = bodyOf(node, scope);
    return object === undefined ? null : make(object, scope);
  });
  if (body?.type !== 'object') return;
  for (const nested of children(body).map((child) => first(child, 'resource_declaration'))) {
    if (nested === undefined) continue;
    declareResource(declare, nested, scope, made, { name: symbol, parent: () => scope.lookUp(symbol) as ResourceRef });
  }
}

function describe(
  node: Node,
  object: Node,
  scope: Scope,
  outer: ResourceRef | undefined,
): { ref: ResourceRef; whole: Resource } {
  const fields = new Map(properties(object, scope));
  const field = (name: string): Value => {
    const found = fields.get(name);
    return found === undefined ? null : evaluate(found, scope);
  };
  const parent = outer ?? (field('parent') as ResourceRef | null);
  const [declared = '', version] = toText(evaluate(demand(node, 'string'), scope)).split('@');
  const scopedTo = (field('scope') as ResourceRef | null)?.id ?? null;
  const ref = new ResourceRef({
    type: outer === undefined ? declared : `${outer.type}/${declared}`,
    apiVersion: version ?? parent?.apiVersion ?? '',
    path: [...(parent === null ? [] : [parent.path]), toText(field('name'))].join('/'),
    scope: scopedTo,
  });
  const rest = [...fields.keys()].filter((name) => !['name', 'parent', 'scope', 'dependsOn'].includes(name));
  const body = Object.fromEntries(rest.map((name) => [name, toJson(field(name))]));
  return {
    ref,
    whole: { type: ref.type, apiVersion: ref.apiVersion, name: ref.path, id: ref.id, scope: scopedTo, body },
  };
}

/** The object after `=`, or nothing when an `if` before it does not hold. */
function bodyOf(node: Node, scope: Scope): Node | undefined {
  const body = children(node).at(-1);
  if (body?.type !== 'if_statement') return body;
  return evaluate(demand(body, 'parenthesized_expression'), scope) === true ? demand(body, 'object') : undefined;
}

function valueOf(node: Node): Node {
  const value = children(node).at(-1);
  if (value === undefined) throw new Error(`no value in ${node.text.slice(0, 80)}`);
  return value;
}

function defaultOf(node: Node): Node {
  if (!node.children.some((child) => child.type === '=')) {
    throw new Error(`the parameter ${demand(node, 'identifier').text} is required`);
  }
  return valueOf(node);
}

function once(compute: () => Value): () => Value {
  let done: { value: Value } | undefined;
  return () => (done ??= { value: compute() }).value;
}

function unknownName(name: string): never {
  throw new Error(`${name} is not declared`);
}
