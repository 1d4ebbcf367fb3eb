#!/usr/bin/env node
// The repository's own report: how much there is of it, that it is reproducible, and that one changed number
// changes what rests on it and nothing else.
'use strict';
const fs = require('fs'), path = require('path');
const { checkPages, copy, difference, finish, is, main, ok, run, tree } = require('./lib.js');

const report = copy('.', 'case'), out = path.join(report, 'out');
const built = run('build', report);
is(built.status, 0, 'it builds');
ok(!built.err.includes('error'), 'without an error', built.err);
const checked = run('check', report);
ok(checked.status === 0 && !checked.err.includes('warning'), 'the editorial rules find nothing', checked.err);
const files = tree(out);
const read = (name, from = out) => fs.readFileSync(path.join(from, name), 'utf8');

// ---- how much ----

const pages = checkPages(out);
ok(pages.length >= 60, `${pages.length} pages, at least 60`);
const authored = pages.filter((name) => !/^(metrics|datasets|claims)\/|^404/.test(name));
const charts = authored.flatMap((name) => [...read(name).matchAll(/<svg class="chart wide"/g)]).length;
ok(charts >= 25, `${charts} charts on the author's pages, at least 25`);
const ledger = JSON.parse(read('ledger.json'));
ok(ledger.figures.length >= 100, `${ledger.figures.length} figures in the ledger, at least 100`);
const broken = ledger.figures.flatMap((figure) => figure.at).filter((at) => {
	const [url, id] = at.split('#');
	const page = url === '' || url.endsWith('/') ? `${url}index.html` : url;
	return !files.has(page) || !read(page).includes(`id="${id}"`);
});
is(broken.slice(0, 5).join(' '), '', 'every figure of the ledger stands where it says');
const entities = ['Azure', 'AWS', 'Google Cloud', 'OpenAI', 'Anthropic', 'Mistral', 'xAI', 'Meta', 'Oracle', 'Copilot', 'Microsoft 365', 'Dynamics 365', 'Cobalt',
	'Maia', 'GDPR', 'Claude', 'Llama'];
const all = authored.map((name) => main(read(name))).join('\n');
is(entities.filter((name) => !all.includes(name)).join(', '), '', `the pages speak of ${entities.length} entities by name`);

// ---- reproducible ----

const again = copy('.', 'elsewhere/and/again');
for (const [name, args] of [['another folder, one thread', ['--jobs', '1']], ['two threads, made anew', ['--jobs', '2', '--force']], ['once more', ['--force']]]) {
	is(run('build', ...args, again).status, 0, `built: ${name}`);
	is(difference(files, tree(path.join(again, 'out'))).join(' '), '', `the same bytes: ${name}`);
}

// ---- one number ----

// What rests on a dataset: the metrics whose SQL names it, and those whose SQL names these.
const sql = Object.fromEntries(fs.readdirSync('data/metrics').map((name) => [name.replace('.sql', ''), fs.readFileSync(path.join('data/metrics', name), 'utf8')]));
const claims = fs.readFileSync('data/claims.csv', 'utf8').split('\n');
function dependents(dataset) {
	const found = new Set();
	for (let names = [dataset]; names.length > 0;) {
		names = Object.keys(sql).filter((metric) => !found.has(metric) &&
			names.some((name) => new RegExp(`\\b(from|join)\\s+${name}\\b`, 'i').test(sql[metric].replace(/\/\*[\s\S]*?\*\//, ''))));
		names.forEach((name) => found.add(name));
	}
	return found;
}

// Whether a file of the site may change when `dataset` and so `metrics` do.
function may(name, dataset, metrics, from) {
	if (['ledger.json', 'manifest.json', 'metrics/index.html', 'datasets/index.html'].includes(name)) return true;
	// The search knows every page's words; a metric's figures are its own.
	const figures = name.match(/^search\/f-(.*)-\d+\.js$/);
	if (figures) return metrics.has(figures[1]);
	if (name.startsWith('search/')) return true;
	const own = name.match(/^(metrics|datasets)\/([^/]+)\//);
	if (own && (own[1] === 'datasets' ? own[2] === dataset : metrics.has(own[2]))) return true;
	const judged = claims.some((line) => [...metrics].some((metric) => line.includes(`,${metric},`)));
	if (name === 'claims/index.html') return judged;
	const page = name.endsWith('.html') ? name : path.posix.join(path.posix.dirname(name), 'index.html');
	const links = [...main(read(page, from)).matchAll(/href="[^"]*?(metrics|datasets)\/([\w-]+)\//g)];
	// The author counts the claims that agree: pages whose source speaks of them follow the verdicts.
	const source = ['.md', '/index.md'].map((end) => `templates/pages/${path.posix.dirname(page)}${end}`).find((file) => fs.existsSync(file));
	if (judged && source && /\bclaims\b/.test(fs.readFileSync(source, 'utf8'))) return true;
	return links.some(([, kind, target]) => (kind === 'datasets' ? target === dataset : metrics.has(target)));
}

const changes = [
	{ dataset: 'silicon', change: (text) => text.replace(/2\.5\b/, '2.7'), sees: ['metrics/silicon_gain/silicon_gain.csv', 'metrics/silicon_gain/index.html', 'datasets/silicon/silicon.csv', 'how-it-works/custom-silicon/index.html'] },
	{ dataset: 'platform_revenue', change: (text) => text.replace(/^(2025Q4,Azure,inference,)(\d)/m, '$19$2'), sees: ['metrics/revenue_mix/revenue_mix.csv', 'datasets/platform_revenue/platform_revenue.csv', 'how-it-works/revenue-model/index.html'] },
];
for (const { dataset, change, sees } of changes) {
	const edited = copy('.', dataset), file = path.join(edited, 'data', `${dataset}.csv`), before = fs.readFileSync(file, 'utf8');
	fs.cpSync(out, path.join(edited, 'before'), { recursive: true });
	fs.writeFileSync(file, change(before));
	ok(change(before) !== before, `${dataset}: a number is changed`);
	is(run('build', edited).status, 0, `${dataset}: it builds`);
	const changed = difference(files, tree(path.join(edited, 'out'))), metrics = dependents(dataset);
	is(sees.filter((name) => !changed.includes(name)).join(' '), '', `${dataset}: what rests on it changes`);
	is(changed.filter((name) => !may(name, dataset, metrics, path.join(edited, 'out'))).join(' '), '', `${dataset}: nothing else does (${changed.length} of ${files.size} files changed)`);
	ok(changed.length < files.size / 2, `${dataset}: most of the site stays`);
	const untouched = Object.keys(sql).filter((metric) => !metrics.has(metric) && changed.some((name) => name.startsWith(`metrics/${metric}/`)));
	is(untouched.join(' '), '', `${dataset}: no page of the other ${Object.keys(sql).length - metrics.size} metrics changes`);
}
finish();
