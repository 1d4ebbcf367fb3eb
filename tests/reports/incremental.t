#!/usr/bin/env node
// Whatever was edited since the last build, the site is the one a build from nothing gives.
'use strict';
const fs = require('fs'), path = require('path');
const { copy, difference, finish, is, ok, run, tree, work } = require('./lib.js');

const report = copy('tests/reports/components', 'edited');
fs.mkdirSync(path.join(report, 'templates/pages/how'), { recursive: true });
fs.writeFileSync(path.join(report, 'templates/pages/how/index.md'), '---\ntitle: How\n---\n\n## Why?\n\nSo.\n\n## When?\n\nThen.\n');
fs.writeFileSync(path.join(report, 'templates/pages/how/deep.md'), '---\ntitle: Deep\nnav: false\n---\n\nText.\n');
is(run('build', report).status, 0, 'it builds');
const all = tree(path.join(report, 'out')).size;

const edit = (name, from, to) => {
	const file = path.join(report, name), before = fs.readFileSync(file, 'utf8'), after = before.replace(from, to);
	if (after === before) throw new Error(`${name} has no ${from}`);
	fs.writeFileSync(file, after);
};
const add = (name, text) => { fs.mkdirSync(path.dirname(path.join(report, name)), { recursive: true }); fs.writeFileSync(path.join(report, name), text); };
const edits = [
	['a word of prose', () => edit('templates/pages/how/deep.md', 'Text.', 'Other text.'), 12],
	['a heading in a FAQ', () => edit('templates/pages/how/index.md', 'When?', 'Whenever?'), 12],
	["a page's title, which others show", () => edit('templates/pages/how/index.md', 'title: How', 'title: Why'), all],
	['a number', () => edit('data/sales.csv', '2024Q2,West,10,1', '2024Q2,West,11,1'), all],
	['a parameter', () => edit('templates/site.yaml', 'value: 50', 'value: 60'), all],
	["a metric's title", () => edit('data/metrics/north_share.sql', 'title: Share of the North', 'title: The North\'s share'), all],
	["a dataset's description", () => edit('data/datapackage.json', 'Invented sales of three regions.', 'Made-up sales.'), all],
	['a licence', () => edit('data/datapackage.json', 'https://creativecommons.org/publicdomain/zero/1.0/', 'https://example.org/licence'), all],
	['a new page', () => add('templates/pages/new.md', '---\ntitle: New\n---\n\n{{ metrics.north_share | latest }}\n'), all],
	['a partial', () => edit('templates/partials/stamp.html', 'class="stamp"', 'class="stamp big"'), all],
	['a style', () => edit('templates/assets/site.css', 'italic', 'normal'), all],
	['the address of the site', () => edit('templates/site.yaml', 'locale: en', 'locale: en\nurl: https://example.org/x'), all],
	['the author', () => edit('templates/site.yaml', 'locale: en', 'locale: en\nauthor: Someone'), all],
	['the language', () => edit('templates/site.yaml', 'locale: en', 'locale: de'), all],
	['a claim', () => edit('data/claims.csv', 'Margins lie', 'All margins lie'), all],
	['a page gone', () => fs.rmSync(path.join(report, 'templates/pages/how/deep.md')), all],
	['a region gone', () => edit('data/sales.csv', /^.*,West,.*\n/mg, ''), all],
];
let number = 0;
for (const [name, change, most] of edits) {
	const before = tree(path.join(report, 'out'));
	if (name === 'a region gone') edit('templates/pages/filters.md', /^.*west.*\n/mg, '');
	change();
	const built = run('build', report);
	ok(built.status === 0, `${name}: it builds`, built.err);
	const now = tree(path.join(report, 'out')), fresh = path.join(work, `fresh${number++}`);
	is(run('build', report, '--force', '--out', fresh).status, 0, `${name}: from nothing too`);
	is(difference(now, tree(fresh)).join(' '), '', `${name}: the same site`);
	const changed = difference(before, now);
	ok(changed.length > 0 && changed.length <= most, `${name}: ${changed.length} of ${now.size} files changed`, changed.join(' '));
}
finish();
