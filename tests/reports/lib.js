// TAP and small readers for tests of whole reports; run from the repository's root with BUILD set.
'use strict';
const fs = require('fs'), os = require('os'), path = require('path'), crypto = require('crypto');
const { spawnSync } = require('child_process');

const stet = path.resolve(process.env.BUILD || 'build', 'stet');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-report-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

let tests = 0;
function say(good, name, ...detail) {
	console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${name}`);
	if (!good) for (const line of detail.join('\n').split('\n').slice(0, 40)) console.log(`# ${line}`);
	return good;
}
const ok = (value, name, ...detail) => say(Boolean(value), name, ...detail);
const is = (got, wanted, name) => say(got === wanted, name, `got:    ${got}`, `wanted: ${wanted}`);
const finish = () => console.log(`1..${tests}`);
function skipAll(why) { console.log(`1..0 # SKIP ${why}`); process.exit(0); }

// Runs stet; standard error and status.
function run(...args) {
	const done = spawnSync(stet, args, { encoding: 'utf8' });
	return { status: done.status, out: done.stdout, err: done.stderr };
}

// A copy of a report without what was built, in a folder of its own.
function copy(report, name) {
	const to = path.join(work, name);
	for (const part of ['data', 'templates'])
		fs.cpSync(path.join(report, part), path.join(to, part), { recursive: true });
	return to;
}

// Every file below a folder: path -> SHA-256.
function tree(dir) {
	const found = new Map();
	const walk = (at) => {
		for (const entry of fs.readdirSync(path.join(dir, at), { withFileTypes: true })) {
			const name = path.posix.join(at, entry.name);
			if (entry.isDirectory()) walk(name);
			else found.set(name, crypto.createHash('sha256').update(fs.readFileSync(path.join(dir, name))).digest('hex'));
		}
	};
	walk('');
	return found;
}

// What differs between two trees, a line a file.
function difference(a, b) {
	const names = [...new Set([...a.keys(), ...b.keys()])].sort();
	return names.filter((name) => a.get(name) !== b.get(name));
}

// Rows of a CSV as objects (quotes and doubled quotes; no line ends inside cells).
function csv(text) {
	const cells = (line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, line.endsWith(',') ? undefined : -1)
		.map((m) => (m[1].startsWith('"') ? m[1].slice(1, -1).replaceAll('""', '"') : m[1]));
	const [head, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => line !== '');
	const names = cells(head);
	return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i], cell])));
}

// What a reader sees of a piece of HTML, kinds of spaces made one.
function text(html) {
	return html.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#0?39;|&apos;/g, "'")
		.replace(/&amp;/g, '&').replace(/[\s\u00a0\u202f]+/g, ' ').trim();
}

// The body of a page between its header and its footer.
function main(html) {
	return html.slice(html.indexOf('<main'), html.indexOf('</main>'));
}

// The printed figures of a page, in order.
function figures(html) {
	return [...html.matchAll(/<data id="([^"]*)" value="([^"]*)"[^>]*>(.*?)<\/data>/g)]
		.map(([, id, value, shown]) => ({ id, value: Number(value), text: text(shown) }));
}

// Holds every page of a site against what no page may have.
function checkPages(dir) {
	const pages = [...tree(dir).keys()].filter((name) => name.endsWith('.html'));
	const bad = (pattern) => pages.filter((name) => pattern.test(fs.readFileSync(path.join(dir, name), 'utf8').replace(/<svg[\s\S]*?<\/svg>/g, '') ));
	const all = (pattern) => pages.filter((name) => pattern.test(fs.readFileSync(path.join(dir, name), 'utf8')));
	is(all(/<[^>]*\sstyle\s*=/).join(' '), '', 'no style attribute');
	is(all(/<style[\s>]/).join(' '), '', 'no style element');
	is(all(/<script(?![^>]*\ssrc=)(?![^>]*type="application\/ld\+json")[^>]*>/).join(' '), '', 'no inline script');
	is(all(/<[^>]*\son[a-z]+\s*=\s*"/).join(' '), '', 'no event handler');
	is(bad(/<main[^>]*>[\s\S]*<main/).join(' '), '', 'one main element a page');
	is(pages.filter((name) => (fs.readFileSync(path.join(dir, name), 'utf8').match(/<h1[\s>]/g) || []).length !== 1).join(' '), '', 'one h1 a page');
	return pages;
}

module.exports = { checkPages, copy, csv, difference, figures, finish, is, main, ok, run, skipAll, stet, text, tree, work };
