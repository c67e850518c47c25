#!/usr/bin/env bash
# One output of the last deployment, as outputs.sh fetched it. Usage: output.sh <dev|prod> <name>
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/../.."
node -e '
  const [file, name] = process.argv.slice(1);
  const output = JSON.parse(require("node:fs").readFileSync(file, "utf8"))[name];
  if (output === undefined) throw new Error("no output " + name + " in " + file);
  console.log(output.value);
' ".local/${1:?dev or prod}.outputs.json" "${2:?name of an output}"
