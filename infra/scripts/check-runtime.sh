#!/usr/bin/env bash
# Is Node offered for Flex Consumption there? Azure accepts a version that does not exist, and the app fails at start.
# Usage: check-runtime.sh <location> [node version]
set -euo pipefail
shopt -s inherit_errexit
location=${1:?location, such as norwayeast}
version=${2:-24}
offered=$(az functionapp list-flexconsumption-runtimes --location "$location" --runtime node --query '[].version' --output tsv)
if grep -qxF -- "$version" <<<"$offered"; then
  echo "Node $version is offered in $location."
else
  echo "Node $version is not offered in $location; there is: $(tr '\n' ' ' <<<"$offered")" >&2
  exit 1
fi
