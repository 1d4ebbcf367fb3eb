#!/usr/bin/env node
// What a site has for machines: feeds, sitemap, heads, twins in Markdown, data, redirects, cards; what may be left out,
// and that a build of changes gives the same site as one from nothing.
'use strict';
const fs = require('fs'), path = require('path');
const { execFileSync, spawnSync } = require('child_process');
const { ok, is, finish, run, work, tree, difference, csv } = require('../reports/lib.js');

const report = path.join(work, 'report');
const put = (name, text) => {
	fs.mkdirSync(path.dirname(path.join(report, name)), { recursive: true });
	fs.writeFileSync(path.join(report, name), text);
};
const read = (name, from = report) => fs.readFileSync(path.join(from, 'out', name), 'utf8');
const has = (name, from = report) => fs.existsSync(path.join(from, 'out', name));
const valid = (schema, name) => spawnSync('xmllint', ['--noout', '--relaxng', `tests/site/${schema}.rng`, path.join(report, 'out', name)], { encoding: 'utf8' });
const SITE = 'title: Rates & more\ndescription: On rates.\nurl: https://example.org/reports/rates\nauthor: The office\nlocale: en\nlanguages: [de]\nlicence: CC-BY-4.0\n';

put('templates/site.yaml', SITE);
put('data/sales.csv', 'quarter,region,note,amount\n2025Q3,North,plain,10\n2025Q3,South,"=1+1",20\n2025Q4,North,-x,-30\n2025Q4,South,@sum,40\n');
put('data/safe.csv', 'a,b\nx,-1\ny,+2\n');
put('data/metrics/revenue.sql', '/*\ntitle: Revenue\nperiod: quarter\ndimensions: [region]\nunit: currency:USD\nvalue: amount\n*/\nselect quarter, region, sum(amount) as amount from sales group by all\n');
put('data/metrics/notes.sql', '/*\ntitle: Notes\ndimensions: [note]\nvalue: amount\n*/\nselect note, sum(amount) as amount from sales group by all\n');
put('templates/pages/index.md', '---\ntitle: Rates\ndescription: The front.\n---\n\nRevenue was {{ metrics.revenue | where: "region", "South" | latest }}.\n\n```chart\nmetric: revenue\ntype: line\nx: quarter\ny: amount\nseries: region\nwhere: {region: South}\nid: south\ntitle: "South, 5 < 6"\n```\n\n| a | b\\|c |\n| --- | ---: |\n| *x* | 1 |\n\n1. one\n2. two\n   - in\n\n> said\n\n```\ncode `x`\n```\n\n1\\. not a list\n');
put('templates/pages/about.md', '---\ntitle: About\ndate: 2024-02-29\nredirect_from: [old/about/, /was/]\n---\n\nWords.\n\n## Why?\n\nBecause.\n\n## How?\n\nSo.\n');
put('templates/pages/de/about.md', '---\ntitle: Über uns\n---\n\nWorte.\n');
put('templates/pages/notes.md', '---\ntitle: Notes\nimage: /assets/cover.png\n---\n\n```table\nmetric: notes\nwhere: {note: ["=1+1", "plain"]}\ncaption: Two notes\n```\n');
put('templates/assets/cover.png', 'no picture');

is(run('build', '--quiet', report).status, 0, 'a report without editions builds');
ok(!has('feed.xml') && !has('feed.json'), 'without an edition there is no feed');
is(run('edition', 'freeze', '2025Q4', '--directory', report).status, 0, 'an edition is frozen');
put('data/sales.csv', fs.readFileSync(path.join(report, 'data/sales.csv'), 'utf8').replace('South,@sum,40', 'South,@sum,44'));
put('data/errata.csv', 'metric,key,edition,reason\nrevenue,2025q4-south,2025Q4,South reported late.\n');
const first = run('build', report);
is(first.status, 0, 'a restated figure that is explained builds');

// ---- feeds
const atom = read('feed.xml'), feed = JSON.parse(read('feed.json')), good = valid('atom', 'feed.xml');
is(good.status, 0, `feed.xml is Atom ${good.status ? good.stderr : ''}`);
const ids = [...atom.matchAll(/<id>(.*?)<\/id>/g)].map((m) => m[1]);
is(new Set(ids).size, ids.length, 'every id is another');
ok(ids.slice(1).every((id) => /^tag:example\.org,\d{4}-\d\d-\d\d:[\w\/%.-]+$/.test(id)), 'ids of entries are tag URIs (RFC 4151)');
ok(atom.includes('<updated>2025-12-31T00:00:00Z</updated>') && !/updated>20(?!25)/.test(atom), 'days are those of the content');
ok(atom.includes('<title>Revenue, South, Q4 2025: $44 (restated)</title>') && atom.includes('<title>Notes, @sum: 44 (moved)</title>'), 'changed figures are entries');
ok(atom.includes('href="https://example.org/reports/rates/metrics/revenue/#row-2025q4-south"'), 'it leads to its row');
is(feed.version, 'https://jsonfeed.org/version/1.1', 'feed.json is JSON Feed 1.1');
is(feed.items.map((item) => item.id).join(), ids.slice(1).join(), 'with the same items');
ok(feed.items.every((item) => typeof item.id === 'string' && item.content_html && !isNaN(Date.parse(item.date_published)) && item.url.startsWith('https://')), 'each has id, content, date and url');
ok(feed.items.some((item) => item.title === 'Edition 2025Q4'), 'the edition among them');

// ---- sitemap, heads
is(valid('sitemap', 'sitemap.xml').status, 0, 'sitemap.xml is one');
const map = read('sitemap.xml');
ok(map.includes('<loc>https://example.org/reports/rates/about/</loc><lastmod>2024-02-29</lastmod>'), "lastmod is the page's own date");
ok(map.includes('<loc>https://example.org/reports/rates/</loc><lastmod>2025-12-31</lastmod>'), 'or the end of the latest period it shows');
ok(/<loc>[^<]*\/de\/about\/<\/loc>.*hreflang="en" href="https:\/\/example\.org\/reports\/rates\/about\/"/.test(map), 'languages name each other');
const about = read('about/index.html');
ok(about.includes('<link rel="canonical" href="https://example.org/reports/rates/about/">'), 'canonical');
ok(about.includes('hreflang="de" href="https://example.org/reports/rates/de/about/"') && about.includes('hreflang="x-default"'), 'hreflang in the head');
ok(about.includes('<link rel="alternate" type="text/markdown" href="index.md">'), 'the twin is linked');
ok(about.includes('type="application/atom+xml" title="Rates &amp; more" href="../feed.xml"'), 'so are the feeds');
ok(about.includes('"@type":"FAQPage"') && about.includes('"name":"Why?"') && about.includes('"text":"Because."'), 'headings that ask make a FAQPage');
const described = JSON.parse(read('metrics/revenue/index.html').match(/ld\+json">(.*?)<\/script>/)[1])['@graph'].find((thing) => thing['@type'] === 'Dataset');
is(described.distribution.map((d) => d.contentUrl).join(' '), 'https://example.org/reports/rates/metrics/revenue/revenue.csv https://example.org/reports/rates/metrics/revenue/revenue.json', 'a metric is a Dataset with its files');
is(described.license, 'CC-BY-4.0', 'and a licence');
is(read('_redirects'), '/old/about/ /about/ 301\n/was/ /about/ 301\n', 'former addresses for hosts');
ok(read('was/index.html').includes('url=../about/index.html'), 'and as pages');
const picture = (name) => { const png = fs.readFileSync(path.join(report, 'out', name)); return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`; };
is(picture('card.png'), '1200x630', "a card of the page's chart");
is(picture('about/card.png'), '1200x630', 'a page without one has its title on it');
ok(read('notes/index.html').includes('content="https://example.org/reports/rates/assets/cover.png"') && !has('notes/card.png'), "an author's picture comes before both");

// ---- Markdown
const twin = read('index.md');
ok(twin.startsWith('# Rates\n'), 'a twin begins with the title');
ok(twin.includes('\nRevenue was $44.\n'), 'figures are text');
ok(twin.includes('| a | b\\|c |\n| --- | ---: |\n| *x* | 1 |\n') || twin.includes('| a | b\\|c |\n| --- | --- |\n| *x* | 1 |\n'), 'tables are pipe tables');
ok(twin.includes('**South, 5 \\< 6**') && /rose from \$20 in Q3 2025 to \$44 in Q4 2025/.test(twin), 'a chart is its title and description');
ok(/\[CSV\]\(south\.csv\)|\[CSV\]\([^)]*south\.csv\)/.test(twin), 'and a link to its data');
ok(twin.includes('1. one\n') && twin.includes('2. two\n') && twin.includes('   - in\n') && twin.includes('> said\n') && twin.includes('```\ncode `x`\n```\n'), 'lists, quotations and code');
ok(/1\\\. not a list/.test(twin), 'text that looks like Markdown is none');

// ---- data
is(read('south.csv'), 'quarter,region,amount\n2025Q3,South,20\n2025Q4,South,44\n', "a chart's rows as CSV");
const data = JSON.parse(read('data.json'));
is(JSON.stringify(data.data.map(({ chart, title, rows }) => [chart, title, rows.length, rows[1].amount])), '[["south","South, 5 < 6",2,44]]', 'and as JSON');
ok(has('metrics/revenue/revenue.json'), 'a metric as JSON');
const notes = csv(read('metrics/notes/notes.csv')).map((row) => row.note).sort();
is(notes.join(), "'-x,'=1+1,'@sum,plain", 'formulas in a metric are guarded');
is(csv(read('datasets/sales/sales.csv')).map((row) => row.note).join(), "plain,'=1+1,'-x,'@sum", 'so are those in a dataset');
is(csv(read('datasets/sales/sales.csv')).map((row) => row.amount).join(), '10,20,-30,44', 'numbers are not');
is(read('datasets/sales/source/sales.csv'), fs.readFileSync(path.join(report, 'data/sales.csv'), 'utf8'), 'the file as it is lies beside');
is(read('datasets/safe/safe.csv'), 'a,b\nx,-1\ny,+2\n', 'a file without formulas is published as it is');
is(csv(read('notes/two-notes.csv')).map((row) => row.note).join(), "'=1+1,plain", "a table's file is guarded too");
const manifest = JSON.parse(read('manifest.json')), home = manifest.files.find((file) => file.path === 'index.html');
ok(home.inputs.map((n) => manifest.inputs[n]).includes('metric revenue') && home.from === 'templates/pages/index.md', 'the manifest says what a page is made from');

// ---- what may be left out, and built step by step
function same(name) {
	const before = path.join(work, 'fresh');
	fs.rmSync(before, { recursive: true, force: true });
	for (const part of ['data', 'templates']) fs.cpSync(path.join(report, part), path.join(before, part), { recursive: true });
	const stepped = run('build', report), fresh = run('build', before);
	is(stepped.status + fresh.status, 0, `${name}: builds`, stepped.err, fresh.err);
	is(difference(tree(path.join(report, 'out')), tree(path.join(before, 'out'))).join(' '), '', `${name}: the same site step by step and from nothing`);
}
put('templates/site.yaml', SITE + 'formula_guard: false\n');
same('without the guard');
is(csv(read('metrics/notes/notes.csv')).map((row) => row.note).sort().join(), '-x,=1+1,@sum,plain', 'formulas as they are, where asked for');
ok(!has('datasets/sales/source/sales.csv'), 'and no second file');
put('templates/site.yaml', SITE);
same('with it again');
is(csv(read('metrics/notes/notes.csv')).map((row) => row.note).sort().join(), notes.join(), 'guarded again');
put('templates/site.yaml', SITE + 'extras: [markdown]\n');
same('Markdown alone');
is(['index.md', 'search/index.js', 'feed.xml', 'card.png', 'south.csv'].filter((name) => has(name)).join(), 'index.md', 'what is not asked for is left out');
ok(has('index-a-z/index.html'), 'the index is a page like others');
put('templates/site.yaml', SITE.replace(/^url.*\n/m, ''));
const quiet = run('build', report);
is((quiet.err.match(/no feed is written/g) || []).length, 1, 'a feed without an address: said once');
ok(!has('feed.xml') && !has('sitemap.xml') && !read('about/index.html').includes('canonical'), 'and nothing that needs one is there');
put('templates/site.yaml', SITE + 'extras: [serach]\n');
ok(/there is no extra 'serach'.*search/s.test(run('build', report).err), 'a mistyped extra is named');

put('templates/site.yaml', SITE);
put('templates/pages/new.md', '---\ntitle: Ünder <b>\n---\n\nA new word: zygomorphic.\n');
same('a new page');
ok(read('index-a-z/index.html').includes('<a href="../new/index.html">Ünder &lt;b&gt;</a>') && /id="letter-u">U</.test(read('index-a-z/index.html')), 'it is in the index, under U');
ok(fs.readdirSync(path.join(report, 'out/search')).some((name) => /^t\d+/.test(name) && read('search/' + name).includes('"zygomorphic":[')), 'and its words in the search');
fs.rmSync(path.join(report, 'templates/pages/new.md'));
same('without it');
ok(!fs.readdirSync(path.join(report, 'out/search')).some((name) => read('search/' + name).includes('zygomorphic')), 'and its words are gone');
finish();
