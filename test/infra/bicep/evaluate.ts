import type { Node } from 'web-tree-sitter';
import { FUNCTIONS, type FunctionContext } from './functions.ts';
import { children, demand } from './parse.ts';
import { ModuleRef, ResourceRef, runtimeValue, toText, type Value } from './values.ts';

/** Names in reach of an expression. */
export interface Scope extends FunctionContext {
  lookUp(name: string): Value;
}

/** The value of an expression. What it does not know it refuses: a wrong guess would make a check pass. */
export function evaluate(node: Node, scope: Scope): Value {
  const parts = children(node);
  const value = (index: number): Value => {
    const part = parts[index];
    if (part === undefined) throw new Error(`${node.type}: part ${index} is missing in ${node.text.slice(0, 80)}`);
    return evaluate(part, scope);
  };
  switch (node.type) {
    case 'identifier':
      return scope.lookUp(node.text);
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'null':
      return null;
    case 'string':
      return parts.map((part) => textOf(part, scope)).join('');
    case 'parenthesized_expression':
    case 'nullable_type':
      return value(0);
    case 'array':
      return parts.map((part) => evaluate(part, scope));
    case 'object':
      return Object.fromEntries(properties(node, scope).map(([key, body]) => [key, evaluate(body, scope)]));
    case 'ternary_expression':
      return value(0) === true ? value(1) : value(2);
    case 'unary_expression':
      return value(0) !== true;
    case 'binary_expression':
      return binary(
        operatorOf(node),
        () => value(0),
        () => value(1),
      );
    case 'member_expression':
      return member(value(0), nameOf(parts[1]));
    case 'subscript_expression':
      return (value(0) as readonly Value[])[Number(value(1))] ?? fail(node);
    case 'for_statement':
      return loop(node, scope, (body, inner) => evaluate(body, inner));
    case 'resource_expression':
      return scope.lookUp(node.text);
    case 'call_expression':
      return call(node, scope);
    default:
      return fail(node);
  }
}

/** Keys and unevaluated values of an object literal, without resources declared inside it. */
export function properties(node: Node, scope: Scope): [string, Node][] {
  return children(node)
    .filter((property) => children(property)[0]?.type !== 'resource_declaration')
    .map((property) => {
      const [key, body] = children(property);
      if (property.type !== 'object_property' || key === undefined || body === undefined) return fail(property);
      return [key.type === 'string' ? toText(evaluate(key, scope)) : key.text, body];
    });
}

/** `[for x in list: body]` and `[for (x, i) in list: body]`. */
export function loop<T>(node: Node, scope: Scope, each: (body: Node, inner: Scope) => T): T[] {
  const [head, list, body] = children(node);
  if (head === undefined || list === undefined || body === undefined) return fail(node);
  const [item, index] = head.type === 'for_loop_parameters' ? children(head).map((name) => name.text) : [head.text];
  const values = evaluate(list, scope) as readonly Value[];
  return values.map((value, position) =>
    each(body, {
      ...scope,
      lookUp: (name) => (name === item ? value : name === index ? position : scope.lookUp(name)),
    }),
  );
}

function call(node: Node, scope: Scope): Value {
  const [callee] = children(node);
  const run = FUNCTIONS[nameOf(callee)];
  if (run === undefined) throw new Error(`${nameOf(callee)}() is not known to the checks`);
  const args = children(demand(node, 'arguments')).map((argument) => evaluate(argument, scope));
  return run(args, scope);
}

function member(object: Value, name: string): Value {
  if (object instanceof ResourceRef) {
    if (name === 'id' || name === 'name') return object[name];
    return new Proxy({}, runtimePath(object, name));
  }
  if (object instanceof ModuleRef && name === 'outputs') return object.outputs;
  const found = (object as Readonly<Record<string, Value>>)[name];
  if (found === undefined) throw new Error(`no ${name} there`);
  return found;
}

/** `resource.properties.a.b`: the object `a` is not known, the leaf is. */
function runtimePath(resource: ResourceRef, path: string): ProxyHandler<object> {
  return {
    get: (_, name) => {
      const whole = `${path}.${String(name)}`;
      return whole.endsWith('.primaryEndpoints')
        ? new Proxy({}, runtimePath(resource, whole))
        : runtimeValue(resource, whole);
    },
  };
}

function binary(operator: string, left: () => Value, right: () => Value): Value {
  switch (operator) {
    case '==':
      return left() === right();
    case '!=':
      return left() !== right();
    case '>':
      return Number(left()) > Number(right());
    case '&&':
      return left() === true && right() === true;
    case '||':
      return left() === true || right() === true;
    default:
      throw new Error(`the operator ${operator} is not known to the checks`);
  }
}

function textOf(part: Node, scope: Scope): string {
  if (part.type === 'string_content') return part.text;
  if (part.type === 'escape_sequence') return part.text.slice(1).replace(/^n$/, '\n');
  const [inner] = children(part);
  return part.type === 'interpolation' && inner !== undefined ? toText(evaluate(inner, scope)) : fail(part);
}

const operatorOf = (node: Node) => node.children.find((child) => !child.isNamed)?.type ?? '';
const nameOf = (node: Node | undefined) => node?.text.replace(/^sys\./, '') ?? '';

function fail(node: Node): never {
  throw new Error(
    `line ${node.startPosition.row + 1}: ${node.type} is not known to the checks: ${node.text.slice(0, 80)}`,
  );
}
