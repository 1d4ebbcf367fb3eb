#!/bin/bash
# The cases of csv-spectrum, a CSV suite from npm: `stet csv` gives the table its JSON holds.
. tests/cli/lib.sh
suite=$PWD/tests/node_modules/csv-spectrum

# The objects of a JSON file as the table stet should print: every cell quoted the same way on both sides.
cat >"$WORK/table.js" <<'JS'
const fs = require('fs');
const rows = JSON.parse(fs.readFileSync(process.argv[2], 'utf8').replace(/^\uFEFF/, ''));
const quoted = cell => '"' + String(cell).replace(/"/g, '""') + '"';
const names = Object.keys(rows[0]);
console.log(names.map(quoted).join(','));
for (const row of rows) console.log(names.map(name => quoted(row[name])).join(','));
JS
# Clean RFC 4180 read back by a few lines that know nothing of stet, written the same way.
cat >"$WORK/again.js" <<'JS'
const text = require('fs').readFileSync(0, 'utf8');
const rows = [[]];
let cell = '', inside = false;
for (let i = 0; i < text.length; i++) {
	const c = text[i];
	if (inside && c === '"' && text[i + 1] === '"') { cell += '"'; i++; }
	else if (c === '"') inside = !inside;
	else if (!inside && (c === ',' || c === '\n')) {
		rows[rows.length - 1].push(cell); cell = '';
		if (c === '\n') rows.push([]);
	} else cell += c;
}
rows.pop();
for (const row of rows) console.log(row.map(x => '"' + x.replace(/"/g, '""') + '"').join(','));
JS
n=0
for file in "$suite"/csvs/*.csv; do
	name=$(basename "$file" .csv)
	is "$name" "$("$STET" csv "$file" 2>&1 | node "$WORK/again.js")" "$(node "$WORK/table.js" "$suite/json/$name.json")"
	n=$((n + 1))
done
is "all cases were there" "$n" "$(ls "$suite"/json/*.json | wc -l)"
finish
