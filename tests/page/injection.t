#!/usr/bin/env node
// Data stay data: a report whose every cell is a hostile string, put into prose, attributes, addresses, tables,
// charts, titles and paths, opened in a browser without a content security policy to help. No script runs, no
// dialog opens, no request leaves, and what a reader sees is the cell.
'use strict';
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const {spawnSync} = require('child_process');
const {chromium} = require('../node_modules/playwright-core');

const OWN = [
	'<script>window.ran=1</script>', '</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>',
	"' onmouseover='alert(1)", '" autofocus onfocus="alert(1)', '*bold*', '**b** _i_ `c`', '](javascript:alert(1))', '[x](javascript:alert(1))',
	'![x](https://example.invalid/a.png)', '<https://example.invalid/>', '{{ x }}', '{% include "x" %}', '{{ site.title | raw }}', '{%- raw -%}',
	'javascript:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,<script>alert(1)</script>',
	'vbscript:msgbox(1)', '//example.invalid/x', '\u202Egnp.exe', '\u2066a\u2069b\u200F', '\u200B\u200D\uFEFF', '&lt;b&gt; &amp; &#39; &nbsp;',
	'<![CDATA[<b>x</b>]]>', ']]>', '<!-- x -->', '--><script>alert(1)</script>', '<?xml version="1.0"?>', '<!DOCTYPE html>', '\uE000' + '0' + '\uE001',
	'\uE0000', '\uE001', '%EE%80%800%EE%80%81', '# heading', '- item', '1. item', '> quote', '    code', '```js', '~~~', '---', '===', '| a | b |',
	'[^1]', '[^1]: note', '[ref]: /x', '\\', '\\*', "''", '""', '"\'`', 'a: b', 'a: [b', '- a: {', '!!python/object', '&anchor *anchor', '=1+1',
	'@SUM(1)', '+1', '|', '\u0001\u0002', 'a\u000Bb', 'a\u000Cb', 'line\nbreak', '\n\n', 'a\r\nb', '\tx', ' x ', '\u00A0x', 'Ω≈ç√∫˜µ', '田中さん', '𝕋𝕙𝕖', '👩‍👩‍👧', '\u{10FFFF}',
	'a'.repeat(3000), '<'.repeat(300), '<stet-slot n="0"></stet-slot>', '<stet-slot n="content"></stet-slot>', '<a href="x" style="color:red">',
	'<base href="https://example.invalid/">', '<meta http-equiv="refresh" content="0;url=https://example.invalid/">', '<iframe srcdoc="<script>parent.ran=1</script>">',
	'<form action="https://example.invalid/"><button>', '</title><script>alert(1)</script>', '</textarea><script>alert(1)</script>',
	'</svg><script>alert(1)</script>', '<text>x</text>', '<tspan onclick="alert(1)">', '<style>*{display:none}</style>', 'url(javascript:alert(1))',
];

let tests = 0, failed = 0;
function ok(name, faults) {
	const list = [].concat(faults).filter(Boolean);
	tests++;
	if (list.length) failed++;
	console.log(`${list.length ? 'not ok' : 'ok'} ${tests} - ${name}`);
	list.slice(0, 12).forEach(fault => console.log('# ' + String(fault).slice(0, 400).replace(/\n/g, '\n# ')));
}

// ---- the report ----------------------------------------------------------------------------------

const field = text => '"' + text.replace(/"/g, '""') + '"';

// Each context has an element of its own, named after it.
const PAGE = `---
foreach: {dataset: hostile}
as: row
path: p/{{ row.text | slug }}-{{ row.id }}/
title: "{{ row.text }}"
description: "About {{ row.text }}"
eyebrow: "{{ row.text }}"
lead: "{{ row.text }}"
nav: false
---
<p><b id="markup">{{ row.text }}</b></p>

<b id="prose">{{ row.text }}</b> in a *<b id="emphasis">{{ row.text }}</b>* and \`{{ row.text }}\`.

{% capture held %}{{ row.text }}{% endcapture %}<b id="captured">{{ held }}</b> and <b id="joined">{{ row.text | append: '' }}</b>

<span id="attribute" title="{{ row.text }}" class="x {{ row.id }}">x</span> <img id="alt" src="/assets/a.svg" alt="{{ row.text }}" />

{% assign first = row.text | slice: 0 %}{% unless first == '/' or first == '#' %}[<b id="link">{{ row.text }}</b>]({{ row.text }}) <a id="raw-link" href="{{ row.text }}">x</a>{% endunless %} <a id="query" href="https://example.org/?q={{ row.text | url_encode }}">x</a>

<div id="table">

\`\`\`table
dataset: hostile
where: {id: "{{ row.id }}"}
caption: "{{ row.text }}"
\`\`\`

</div>

<div id="chart">

\`\`\`chart
metric: value
where: {id: "{{ row.id }}"}
type: bar
x: text
y: n
title: "{{ row.text }}"
subtitle: "{{ row.text }}"
caption: "{{ row.text }}"
id: c
\`\`\`

</div>

\`\`\`figures
- metric: value
  where: {id: "{{ row.id }}"}
  label: "{{ row.text }}"
\`\`\`

\`\`\`note
title: {{ row.text }}
<b id="note">{{ row.text }}</b>
\`\`\`

Value <b id="figure">{{ metrics.value | where: "id", row.id }}</b> of <b id="dimension">{{ metrics.value | where: "id", row.id | dimension: "text" }}</b>

<script id="json" type="application/json">{"text": "{{ row.text }}"}</script>
`;

function write(dir, strings) {
	const put = (name, text) => {
		fs.mkdirSync(path.join(dir, path.dirname(name)), {recursive: true});
		fs.writeFileSync(path.join(dir, name), text);
	};
	put('data/hostile.csv', 'id,text,n\n' + strings.map((text, i) => `k${i},${field(text)},${i + 1}`).join('\n') + '\n');
	put('data/datapackage.json', JSON.stringify({name: 'x', resources: [{name: 'hostile', path: 'hostile.csv', title: OWN[0],
		schema: {missingValues: [], fields: [{name: 'id', type: 'string'}, {name: 'text', type: 'string', title: OWN[3]}, {name: 'n', type: 'integer'}]}}]}));
	put('data/metrics/value.sql', `/*\ntitle: ${JSON.stringify(OWN[0])}\nunit: ${JSON.stringify(OWN[6])}\ndimensions: [id, text]\nvalue: n\n*/\nselect id, text, n from hostile\n`);
	put('templates/site.yaml', `title: ${JSON.stringify(OWN[1])}\ndescription: ${JSON.stringify(OWN[13])}\n`);
	put('templates/assets/a.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');
	put('templates/pages/row.md', PAGE);
	put('templates/pages/all.md', '---\ntitle: All\n---\n<ul>\n{% for row in datasets.hostile.rows %}<li>{{ row.text }}</li>\n{% endfor %}</ul>\n');
}

function build(dir) {
	const stet = path.resolve(process.env.BUILD || 'build', 'stet');
	return spawnSync(stet, ['build', '--quiet', '--format', 'json', dir], {encoding: 'utf8', maxBuffer: 1 << 28});
}

function serve(root) {
	const types = {'.html': 'text/html; charset=utf-8', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.csv': 'text/csv'};
	const server = http.createServer((request, answer) => {
		let name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
		if (name.endsWith('/')) name += 'index.html';
		const file = path.join(root, name), found = fs.existsSync(file) && fs.statSync(file).isFile();
		answer.writeHead(found ? 200 : name === '/favicon.ico' ? 204 : 404, {'Content-Type': types[path.extname(file)] || 'application/octet-stream'});
		answer.end(found ? fs.readFileSync(file) : '');
	});
	return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)));
}

// ---- in the browser ------------------------------------------------------------------------------

// What the page shows of the cell, by context. HTML itself turns CR LF into LF; nothing else may change.
function look() {
	const text = id => { const e = document.getElementById(id); return e ? e.textContent : null; };
	const cells = [...document.querySelectorAll('#table td, #table th[scope=row]')].map(e => e.textContent);
	return {
		ran: window.ran || document.querySelectorAll('script:not([type="application/json"]):not([type="application/ld+json"]):not([src]), style, iframe, base, [onerror], [onload], [onclick], [onfocus]').length,
		title: document.querySelector('h1').textContent, meta: document.querySelector('meta[name=description]').content,
		eyebrow: document.querySelector('.eyebrow').textContent, lead: document.querySelector('.lead').textContent,
		markup: text('markup'), prose: text('prose'), emphasis: text('emphasis'), captured: text('captured'), joined: text('joined'), note: text('note'),
		link: text('link'), dimension: text('dimension'), code: document.querySelector('.prose code').textContent,
		attribute: document.getElementById('attribute').title, alt: document.getElementById('alt').alt,
		json: JSON.parse(text('json')).text, linked: JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent)['@graph'][0].name, table: cells[1], caption: document.querySelector('#table caption').textContent,
		chartTitle: document.querySelector('#chart .figure-title').textContent, chartSubtitle: document.querySelector('#chart .figure-subtitle').textContent,
		chartCaption: document.querySelector('#chart .figure-caption').textContent,
		chartData: document.querySelectorAll('#chart .figure-data tbody tr')[0].children[1].textContent,
		label: document.querySelector('.figures dt').textContent, aside: document.querySelector('.aside-title').textContent,
		query: new URL(document.getElementById('query').href).searchParams.get('q'),
		hrefs: [...document.querySelectorAll('a[href]')].map(a => a.protocol),
	};
}

const trimmed = new Set(['aside', 'title', 'linked', 'meta', 'eyebrow', 'lead']); // their line, and the front matter's text, are trimmed
const show = text => JSON.stringify(text);

function differences(seen, text) {
	const faults = [];
	for (const [name, value] of Object.entries(seen)) {
		if (name === 'ran' || name === 'hrefs' || value === null) continue;
		const want = name === 'meta' ? 'About ' + text : text, seen = value.replace(/\r\n?/g, '\n');
		const a = trimmed.has(name) ? seen.trim() : seen, b = trimmed.has(name) ? want.trim() : want;
		if ((name === 'title' || name === 'linked') && b === '') continue; // an empty title is the site's
		if (a !== b) faults.push(`${name}: ${show(a)} for ${show(b)}`);
	}
	if (seen.ran) faults.push('foreign elements or scripts: ' + seen.ran);
	for (const scheme of seen.hrefs)
		if (!['http:', 'https:', 'mailto:', ':' /* no address at all */].includes(scheme)) faults.push('address: ' + scheme);
	return faults;
}

async function main() {
	const strings = [...new Set([...require('../node_modules/big-list-of-naughty-strings/blns.json'), ...OWN])].filter(text => text !== '');
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-injection-'));
	write(work, strings);
	const built = build(work), errors = built.stderr.split('\n').filter(line => /"severity":"error"|Sanitizer/.test(line));
	ok(`a report of ${strings.length} hostile strings builds`, [strings.length < 500 && 'fewer than 500', built.status && `status ${built.status}`, ...errors]);

	const root = path.join(work, 'out'), server = await serve(root), base = `http://127.0.0.1:${server.address().port}`;
	const browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox']});
	const page = await (await browser.newContext()).newPage(), dialogs = [], requests = [], texts = [];
	page.on('dialog', dialog => { dialogs.push(`${page.url()}: ${dialog.message()}`); dialog.dismiss(); });
	page.on('request', request => request.url().startsWith(base + '/') || requests.push(`${page.url()} asks for ${request.url()}`));
	page.on('pageerror', error => dialogs.push(`${page.url()}: ${error.message}`));

	const folders = fs.existsSync(path.join(root, 'p')) ? fs.readdirSync(path.join(root, 'p')) : [];
	ok('a page each', folders.length !== strings.length && `${folders.length} pages for ${strings.length} strings`);
	ok('paths are plain', folders.filter(name => !/^[a-z0-9-]+$/.test(name)));
	for (const folder of folders) {
		const index = Number(/-k(\d+)$/.exec(folder)[1]);
		await page.goto(`${base}/p/${folder}/`, {waitUntil: 'load'});
		const faults = differences(await page.evaluate(look), strings[index].replace(/\r\n?/g, '\n'));
		if (faults.length) texts.push(`${index} ${show(strings[index]).slice(0, 60)}: ${faults.join('; ')}`);
	}
	await page.goto(`${base}/all/`);
	const listed = await page.evaluate(() => [...document.querySelectorAll('.prose li')].map(e => e.textContent));
	strings.forEach((text, i) => listed[i] !== text.replace(/\r\n?/g, '\n') && texts.push(`list ${i}: ${show(listed[i])} for ${show(text)}`));
	for (const url of ['metrics/value/', 'metrics/', 'datasets/hostile/', 'datasets/', ''])
		await page.goto(`${base}/${url}`);
	ok('the text on the page is the cell', texts);
	ok('no script runs, no dialog opens', dialogs);
	ok('no request leaves', requests);
	await browser.close();
	server.close();

	fs.writeFileSync(path.join(work, 'data/hostile.csv'), Buffer.from('id,text,n\na,"x\0y",1\n'));
	const refused = build(work);
	ok('a NUL is refused by the loader', [refused.status !== 1 && `status ${refused.status}`, !/hostile\.csv/.test(refused.stderr) && refused.stderr]);
	fs.rmSync(work, {recursive: true});
	console.log(`1..${tests}`);
	process.exit(failed ? 1 : 0);
}

main().catch(error => { console.log(`Bail out! ${error.stack}`); process.exit(1); });
