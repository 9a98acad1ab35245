#!/usr/bin/env bash
# Post the report in the folder $1 on the pull request that it names, or renew the one that is there.
#
# Nothing in the folder is trusted: the code of a fork may have written it. The number must be one,
# and its request must have the commit that the run had; the text is made harmless where it comes
# from another repository. What ran is told by GitHub, in WORKFLOW, and not by the folder.
set -euo pipefail

told=$1
if [ ! -f "$told/comment.md" ] || [ -L "$told/comment.md" ]; then
  echo "there is no report"
  exit 0
fi

number=$(head -c 20 "$told/number" | tr -d '\n')
if ! [[ $number =~ ^[1-9][0-9]{0,9}$ ]]; then
  echo "error: the artifact names no pull request" >&2
  exit 1
fi
found=$(gh api "repos/$REPOSITORY/pulls/$number" --jq .head.sha)
if [ "$found" != "$HEAD_SHA" ]; then
  echo "pull request $number is at $found by now; this run was of $HEAD_SHA"
  exit 0
fi

marker="<!-- efd-report -->"
state="<!-- $WORKFLOW $HEAD_SHA -->"
body=$(mktemp)
{
  printf '%s\n%s\n\n' "$marker" "$state"
  if [ "$HEAD_REPOSITORY" = "$REPOSITORY" ]; then
    head -c 65000 "$told/comment.md"
  else
    python3 -m report.foreign < "$told/comment.md"
  fi
  printf '\n[The run, with the full text](%s)\n' "$RUN_URL"
} > "$body"

comments="repos/$REPOSITORY/issues/$number/comments"
# Only a comment of this robot counts: anybody can write the marker.
mine=$(gh api --paginate "$comments" --jq \
  ".[] | select(.user.login == \"github-actions[bot]\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1)
if [ -z "$mine" ]; then
  gh api --silent --method POST "$comments" --field body=@"$body"
  exit 0
fi
# What the engine said of a commit is exact; the rendering of the same commit does not replace it.
there=$(gh api "repos/$REPOSITORY/issues/comments/$mine" --jq .body | sed -n 2p)
if [ "$WORKFLOW" = preview ] && [ "$there" = "<!-- cluster-preview $HEAD_SHA -->" ]; then
  echo "the preview of the engine is there already"
  exit 0
fi
gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$mine" --field body=@"$body"
