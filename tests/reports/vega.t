#!/usr/bin/env node
// A report from published data that nobody here made, its figures held against a computation of our own.
'use strict';
const fs = require('fs'), path = require('path');
const { checkPages, copy, csv, figures, finish, is, main, ok, run, skipAll, text, tree } = require('./lib.js');

const source = 'tests/node_modules/vega-datasets/data';
const names = ['stocks', 'us-employment', 'gapminder-health-income'];
if (!names.every((name) => fs.existsSync(path.join(source, `${name}.csv`)))) skipAll('vega-datasets is not installed');

const report = copy('tests/reports/vega', 'vega');
const data = {};
for (const name of names) {
	fs.copyFileSync(path.join(source, `${name}.csv`), path.join(report, 'data', `${name}.csv`));
	data[name] = csv(fs.readFileSync(path.join(source, `${name}.csv`), 'utf8'));
}
const built = run('build', report);
is(built.status, 0, 'it builds');
const out = path.join(report, 'out');
const read = (name) => fs.readFileSync(path.join(out, name), 'utf8');

// ---- the same numbers by other means ----

const sum = (list) => list.reduce((a, b) => a + b, 0);
const group = (rows, key) => rows.reduce((map, row) => map.set(key(row), [...(map.get(key(row)) || []), row]), new Map());
const year = (row) => row.date.split(' ')[2];
const prices = [...group(data.stocks, (row) => `${year(row)},${row.symbol}`)]
	.map(([key, rows]) => ({ key, price: sum(rows.map((row) => Number(row.price))) / rows.length, months: rows.length }))
	.sort((a, b) => (a.key < b.key ? -1 : 1));
const price = (symbol, at) => prices.find((row) => row.key === `${at},${symbol}`).price;
const jobs = data['us-employment'].map((row) => ({ month: row.month.slice(0, 7), jobs: Number(row.manufacturing), share: 100 * Number(row.manufacturing) / Number(row.nonfarm) }));
const lives = [...group(data['gapminder-health-income'], (row) => row.region)].map(([region, rows]) => ({
	region, people: sum(rows.map((row) => Number(row.population))), countries: rows.length,
	years: sum(rows.map((row) => Number(row.health) * Number(row.population))) / sum(rows.map((row) => Number(row.population))),
})).sort((a, b) => (a.region < b.region ? -1 : 1));

// Half a cent goes up, as readers expect; the sum of binary fractions may lie just below it.
const fixed = (value, places) => (Math.round(Number(`${Number(value.toPrecision(12))}e${places}`)) / 10 ** places).toFixed(places);
// Results are rounded to 12 significant digits.
const same = (a, b) => Math.abs(a - b) <= 1e-11 * Math.max(Math.abs(a), Math.abs(b));
function holds(metric, wanted, columns) {
	const rows = csv(read(`metrics/${metric}/${metric}.csv`));
	const bad = rows.findIndex((row, i) => !wanted[i] || columns.some((name) => (typeof wanted[i][name] === 'number'
		? !same(Number(row[name]), wanted[i][name]) : row[name] !== wanted[i][name])));
	ok(rows.length === wanted.length && bad < 0, `every row of ${metric} (${wanted.length})`, JSON.stringify(rows[bad]), JSON.stringify(wanted[bad]));
}
holds('share_price', prices.map((row) => ({ year: row.key.split(',')[0], symbol: row.key.split(',')[1], price: row.price, months: row.months })),
	['year', 'symbol', 'price', 'months']);
holds('manufacturing', jobs, ['month', 'jobs', 'share']);
holds('life_expectancy', lives, ['region', 'years', 'people', 'countries']);

// ---- what the prose says ----

const last = jobs[jobs.length - 1], before = jobs[jobs.length - 13], fewest = jobs.reduce((a, b) => (b.jobs < a.jobs ? b : a));
const [best, worst] = [[...lives].sort((a, b) => b.years - a.years)[0], [...lives].sort((a, b) => a.years - b.years)[0]];
const top = prices.filter((row) => row.key.startsWith('2010')).sort((a, b) => b.price - a.price)[0];
const count = (n) => Math.round(n).toLocaleString('en-US');
const month = (at) => new Date(`${at}-01T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const home = text(main(read('index.html')));
const says = (part) => ok(home.includes(part), `the front page says: ${part}`, home.slice(0, 3000));
says(`In ${month(last.month)} manufacturing in the United States employed ${count(last.jobs)} thousand people, ${fixed(last.share, 2)}% of all jobs.`);
says(`That rose by ${fixed((100 * (last.jobs / before.jobs - 1)), 1)}% over a year; the fewest were ${count(fewest.jobs)} thousand, in ${month(fewest.month)}.`);
says(`People in ${best.region} live ${fixed(best.years, 2)} years, people in ${worst.region} ${fixed(worst.years, 2)}: a difference of ${fixed((best.years - worst.years), 2)}`);
says(`${top.key.split(',')[1]} cost most in 2010: $${fixed(top.price, 2)}.`);

const symbols = [...new Set(data.stocks.map((row) => row.symbol))];
for (const symbol of symbols) {
	const first = prices.find((row) => row.key.endsWith(`,${symbol}`)).key.split(',')[0], page = read(`shares/${symbol.toLowerCase()}/index.html`);
	const now = price(symbol, 2010), then = price(symbol, 2009), start = price(symbol, first);
	ok(text(main(page)).includes(`${symbol} cost $${fixed(now, 2)} in 2010, after $${fixed(then, 2)} a year earlier: ${fixed((100 * (now / then - 1)), 1)}%. ` +
		`In ${first} it was $${fixed(start, 2)}, so ${fixed((100 * now / start), 1)} with that as 100.`), `the page of ${symbol}`, text(main(page)).slice(0, 400));
	// The chart's marks say each year's price.
	const marks = prices.filter((row) => row.key.endsWith(`,${symbol}`)).map((row) => `${row.key.split(',')[0]}\n$${fixed(row.price, 2)}`);
	const missing = marks.filter((mark) => !page.includes(`<title>${mark}</title>`));
	is(missing.join('; '), '', `the chart of ${symbol} (${marks.length} marks)`);
}
const pivot = main(read('index.html')).match(/<caption>Mean prices<\/caption>[\s\S]*?<\/table>/)[0];
is([...pivot.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)].map((m) => text(m[1].replaceAll('</t', ' </t'))).join('\n'),
	['2008', '2009', '2010'].map((at) => [at, ...symbols.sort().map((symbol) => `$${fixed(price(symbol, at), 2)}`)].join(' ')).join('\n'), 'the table by share and year');

// ---- the site ----

const pages = checkPages(out);
is(pages.length, 16, 'pages');
is(pages.flatMap((name) => [...read(name).matchAll(/<svg class="chart wide"/g)]).length, 11, 'charts');
const printed = figures(read('index.html')).concat(...symbols.map((symbol) => figures(read(`shares/${symbol.toLowerCase()}/index.html`))));
ok(printed.length >= 30 && printed.every((figure) => Number.isFinite(figure.value)), `${printed.length} figures carry their values`);
for (const name of names.map((file, i) => [file, ['stocks', 'employment', 'countries'][i]]))
	ok(fs.readFileSync(path.join(source, `${name[0]}.csv`)).equals(fs.readFileSync(path.join(out, `datasets/${name[1]}/${name[1]}.csv`))), `${name[0]}.csv is published as it came`);
const files = tree(out);
const described = JSON.parse(read('datasets/datapackage.json')).resources.map((resource) => path.posix.join('datasets', resource.path));
is(described.filter((file) => !files.has(file)).join(), '', 'the published Data Package names published files');
finish();
