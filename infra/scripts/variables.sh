#!/usr/bin/env bash
# Sourced by what-if.sh and deploy-infra.sh, so that both see the same parameters. In the pipeline VARIABLES holds all of
# GitHub's variables as JSON; those that a parameter file reads become variables of the environment. Elsewhere they are
# variables of the environment already, and nothing is done.
if [[ -n ${VARIABLES:-} ]]; then
  pairs=$(mktemp)
  node -e '
    const { globSync, readFileSync } = require("node:fs");
    const given = JSON.parse(process.env.VARIABLES);
    const files = globSync("infra/*.bicepparam").map((file) => readFileSync(file, "utf8")).join("\n");
    const read = [...files.matchAll(/readEnvironmentVariable\(.([A-Z_]+)/g)].map((match) => match[1]);
    for (const name of new Set([...read, "AZURE_RESOURCE_GROUP"])) {
      if (given[name]) process.stdout.write(name + "=" + given[name] + "\0");
    }
  ' >"$pairs"
  while IFS= read -r -d '' pair; do export "${pair?}"; done <"$pairs"
  rm "$pairs"
fi
