#!/usr/bin/env node
// Every filter and every component once, against values worked out by hand. UPDATE=1 rewrites the golden page.
'use strict';
const fs = require('fs'), path = require('path');
const { checkPages, copy, finish, is, main, ok, run, text, tree } = require('./lib.js');

const report = copy('tests/reports/components', 'components');
const built = run('build', report);
is(built.status, 0, 'it builds');
ok(!/warning|error/.test(built.err), 'without a warning', built.err);
const read = (name) => fs.readFileSync(path.join(report, 'out', name), 'utf8');

const lines = [...main(read('filters/index.html')).matchAll(/<li>([\s\S]*?)<\/li>/g)].map((m) => text(m[1]));
for (const wanted of fs.readFileSync('tests/reports/components/values.txt', 'utf8').trim().split('\n')) {
	const key = wanted.slice(0, wanted.indexOf(': ') + 2);
	is(lines.find((line) => line.startsWith(key)), wanted, `filter: ${key.slice(0, -2)}`);
}

// Charts have goldens of their own: here only where they stand.
for (const [name, file] of [['components', 'components'], ['more', 'more'], ['de/more', 'more.de'], ['ar/more', 'more.ar']]) {
	const page = main(read(`${name}/index.html`)).replace(/<svg class="chart (\w+)"[\s\S]*?<\/svg>/g, '<svg class="chart $1"/>')
		.replace(/<svg class="spark"[\s\S]*?<\/svg>/g, '<svg class="spark"/>');
	const golden = `tests/golden/site/${file}.html`;
	if (process.env.UPDATE) {
		fs.mkdirSync(path.dirname(golden), { recursive: true });
		fs.writeFileSync(golden, page);
	}
	const wanted = fs.readFileSync(golden, 'utf8').split('\n'), got = page.split('\n');
	const at = got.findIndex((line, i) => line !== wanted[i]);
	ok(at < 0 && got.length === wanted.length, `the page ${name} is the golden one`, `line ${at + 1}`, `got:    ${got[at]}`, `wanted: ${wanted[at]}`);
}

// A page in another language: its own shell, links to the others, a menu of its own pages.
const shell = (name) => read(name).replace(/<main[\s\S]*<\/main>/, '');
ok(read('ar/more/index.html').includes('<html lang="ar" dir="rtl">'), 'Arabic runs to the left');
ok(shell('de/more/index.html').includes('>Zum Inhalt springen<'), 'the shell speaks German');
const said = (name) => read(name).match(/<desc id="lines-d">(.*?)<\/desc>/)[1];
ok(/im 4\. Quartal 2024: .* liegt mit .* am höchsten/.test(said('de/more/index.html')), 'charts speak German', said('de/more/index.html'));
ok(/^\S+ في الربع الرابع ٢٠٢٤: الأعلى/.test(said('ar/more/index.html')), 'and Arabic', said('ar/more/index.html'));
ok(/hreflang="ar"[^>]*>العربية</.test(shell('de/more/index.html')), 'a page leads to its other languages');
ok(!shell('de/more/index.html').includes('>More components<'), 'the menu has the pages of one language');
is(read('more/index.html').match(/<p class="byline">(.*?)<\/p>/)[1].replace(/<[^>]*>/g, '|'), '|March 31, 2025||Data as of Q4 2024||For analysts and students|', 'date, last data and readers');
is([...read('regions/south/index.html').matchAll(/rel="(prev|next)"[^>]*><span>\w+<\/span> (\w+)/g)].map((m) => `${m[1]} ${m[2]}`).join(', '), 'prev North, next West', 'neighbours');
ok(read('old/more/index.html').includes('url=../../more/index.html'), 'a former address leads on');

is(['north', 'south', 'west'].map((name) => text(main(read(`regions/${name}/index.html`))).match(/In .*? sold \S+/)[0]).join('; '),
	'In Q4 2024 North sold $180.; In Q4 2024 South sold $60.; In Q4 2024 West sold $60.', 'one page an item');
ok(read('metrics/total/index.html').includes('one number needs no chart'), "an author's page takes a built-in one's place");
const files = tree(path.join(report, 'out'));
for (const name of ['components/lines.svg', 'components/lines.png', 'components/lines.pdf', 'metrics/revenue/revenue.csv', 'metrics/revenue/revenue.json',
	'datasets/sales/sales.csv', 'datasets/datapackage.json', 'claims/index.html', 'ledger.json', 'manifest.json', '404.html', 'robots.txt'])
	ok(files.has(name), `the site has ${name}`);
is(read('datasets/sales/sales.csv'), fs.readFileSync(path.join(report, 'data/sales.csv'), 'utf8'), 'a dataset is published as it is');

// A report in German: stet's own pages speak it, too.
{
	const german = copy('tests/reports/components', 'german'), site = path.join(german, 'templates/site.yaml');
	fs.writeFileSync(site, fs.readFileSync(site, 'utf8').replace('locale: en', 'locale: de').replace(/^languages:.*$/m, ''));
	for (const language of ['de', 'ar'])
		fs.rmSync(path.join(german, 'templates/pages', language), { recursive: true });
	is(run('build', german).status, 0, 'the report builds in German');
	const words = (name) => text(main(fs.readFileSync(path.join(german, 'out', name), 'utf8')));
	ok(/Was die Spalten enthalten/.test(words('datasets/sales/index.html')) && /Jede Zelle ist vom Typ ihrer Spalte/.test(words('datasets/sales/index.html')), 'its datasets');
	ok(/Stimmt überein.*Hier berechnet/.test(words('claims/index.html')), 'its claims');
	ok(/Seite nicht gefunden.*Zur Startseite/.test(words('404.html')), 'its missing page');
	const foreign = ['datasets/sales/index.html', 'datasets/index.html', '404.html', 'metrics/index.html', 'metrics/revenue/index.html'].filter((name) => / (the|of the|rows|with|which) /.test(words(name).replace(/The North's[^.]*\.|Revenue of all[^.]*\.|Share of the North/g, '')));
	is(foreign.join(' '), '', 'without English prose');
}

// The downloads are what they say.
is(fs.readFileSync(path.join(report, 'out/components/lines.png')).subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n', 'PNG');
is(fs.readFileSync(path.join(report, 'out/components/lines.pdf')).subarray(0, 5).toString('latin1'), '%PDF-', 'PDF');
const rows = JSON.parse(read('metrics/revenue/revenue.json'));
ok(Array.isArray(rows) && rows.length === 22 && rows[0].region === 'North' && rows[0].revenue === 100, 'a metric as JSON');

// The manifest names every file, rightly.
const manifest = JSON.parse(read('manifest.json'));
is(manifest.files.map((file) => `${file.path} ${file.sha256}`).join('\n'),
	[...files].filter(([name]) => name !== 'manifest.json').sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, hash]) => `${name} ${hash}`).join('\n'), 'the manifest');

// The ledger holds each printed figure, at each place.
const ledger = JSON.parse(read('ledger.json'));
const north = ledger.figures.filter((figure) => figure.figure === 'revenue.revenue[2024q4-north]');
ok(north.some((figure) => figure.value === 180 && figure.text === '$180' && figure.at.includes('components/#f1')), 'the ledger', JSON.stringify(north));

checkPages(path.join(report, 'out'));

// Faults are told where they stand, and the last site stays.
const fault = path.join(report, 'templates/pages/index.md');
fs.appendFileSync(fault, '\n[lost](/componnets/) and {{ metrics.revenu | latest }}\n');
const failed = run('build', report);
is(failed.status, 1, 'a broken page fails the build');
ok(failed.err.includes("templates/pages/index.md:13:") && failed.err.includes("did you mean 'revenue'?"), 'with its place and a mend', failed.err);
is([...tree(path.join(report, 'out'))].join(), [...files].join(), 'the last site stays');
finish();
