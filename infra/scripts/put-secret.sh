#!/usr/bin/env bash
# Puts one secret into the vault. The value is typed without being shown, or piped in; it is never an argument, which
# other users of the machine could see. An empty value is refused.
# Usage: put-secret.sh <vault> <name, as in docs/settings.md under Secrets>      (a key of several lines: … <key.pem)
set -euo pipefail
shopt -s inherit_errexit
vault=${1:?name of the vault}
name=${2:?name of the secret}
case $name in
  crm-webhook-secret | visma-client-id | visma-client-secret | hash-key | crm-api-token | nxt-webhook-key) ;;
  superoffice-client-secret | superoffice-system-user-token | superoffice-private-key) ;;
  *)
    echo "$name is not a secret of this program" >&2
    exit 1
    ;;
esac
if [[ -t 0 ]]; then
  read -rsp "Value of $name (not shown): " value
  echo
else
  value=$(cat)
fi
[[ -n $value ]] || {
  echo 'Nothing was typed.' >&2
  exit 1
}
az keyvault secret set --vault-name "$vault" --name "$name" --encoding utf-8 --file <(printf '%s' "$value") \
  --query '{name: name, version: id, enabled: attributes.enabled}' --output json
