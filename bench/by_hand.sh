#!/usr/bin/env bash
# What one would write without a deployment server: unpack the sample, fill in its configuration, start it, check it.
# by_hand.sh PACKAGE VERSION FOLDER PORT
set -eu
package=$1 version=$2 folder=$3 port=$4

home="$folder/$version.$RANDOM$RANDOM"
mkdir -p "$home"
python3 -m zipfile -e "$package" "$home"
cd "$home"
sed -i -e "s/#{Octopus.Environment.Name | JsonEscape}/Development/" -e "s/#{Octopus.Release.Number | JsonEscape}/$version/" \
  -e "s/#{Octopus.Machine.Name | JsonEscape}/here/" -e "s/#{Greeting | JsonEscape}/Hello/" \
  -e "s/#{Colour | JsonEscape}/teal/" -e "s/#{Port}/$port/" -e "s/#{Database.Password | JsonEscape}/secret/" \
  appsettings.json

get_octopusvariable() { case "$1" in Port) echo "$port" ;; *) echo "$version" ;; esac; }
set_octopusvariable() { :; }
write_verbose() { :; }
write_highlight() { :; }
write_warning() { echo "$1" >&2; }
fail_step() { echo "$1" >&2; exit 1; }
. ./PostDeploy.sh
python3 -c "
import json, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
assert json.load(opener.open('http://127.0.0.1:$port/health', timeout=10))['release'] == '$version'"
