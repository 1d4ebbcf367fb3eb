// What the tests in a browser share: TAP, a site below a sub-path under its content security policy, pages that write
// down what they should not do, what axe finds, what sticks out. Run from the repository's root with BUILD set.
'use strict';
const fs = require('fs'), http = require('http'), os = require('os'), path = require('path');
const {execFileSync} = require('child_process');
const {chromium} = require('../node_modules/playwright-core');
const axe = fs.readFileSync(require.resolve('../node_modules/axe-core/axe.min.js'), 'utf8') + ';0';

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'";
const TYPES = {'.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml',
	'.png': 'image/png', '.json': 'application/json', '.csv': 'text/csv'};
const WIDE = {width: 1440, height: 900}, PHONE = {width: 360, height: 740};
const RULES = {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
	resultTypes: ['violations'], selectors: false, preload: false};
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];

let tests = 0, failed = 0;
function ok(name, faults) {
	const list = [].concat(faults).filter(Boolean);
	tests++;
	if (list.length) failed++;
	console.log(`${list.length ? 'not ok' : 'ok'} ${tests} - ${name}`);
	list.slice(0, 20).forEach(fault => console.log('# ' + String(fault).replace(/\n/g, '\n# ')));
}

// The site of a copy of `report`, built in the folder `work`; what the build says goes to `said`.
function build(report, work, said = () => {}) {
	const stet = path.resolve(process.env.BUILD || 'build', 'stet'), copy = path.join(work, 'report');
	for (const part of ['data', 'templates'])
		fs.cpSync(path.join(report, part), path.join(copy, part), {recursive: true});
	said(execFileSync(stet, ['build', '--quiet', copy], {stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8'}));
	return path.join(copy, 'out');
}

// Serves `root` below `prefix` ('/sub/path/'): all else is not there.
function serve(root, prefix) {
	const server = http.createServer((request, answer) => {
		let name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
		const asked = name === '/favicon.ico'; // by the browser, not by the site
		name = name.startsWith(prefix) ? name.slice(prefix.length - 1) : '/nowhere';
		if (name.endsWith('/')) name += 'index.html';
		const file = path.join(root, name), found = fs.existsSync(file) && fs.statSync(file).isFile();
		answer.writeHead(found ? 200 : asked ? 204 : 404, {'Content-Type': TYPES[path.extname(file)] || 'application/octet-stream',
			'Content-Security-Policy': POLICY});
		answer.end(found ? fs.readFileSync(file) : '');
	});
	return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)));
}

const pages = root => fs.readdirSync(root, {recursive: true}).filter(file => file.endsWith('.html'))
	.map(file => file.split(path.sep).join('/')).sort();

// The heaviest page of each folder, with the top level's pages each on its own.
function kinds(root) {
	const best = new Map();
	for (const file of pages(root)) {
		const parts = file.split('/'), size = fs.statSync(path.join(root, file)).size;
		const kind = parts.length > 2 ? parts.slice(0, -2).join('/') + '/*' : file;
		if (!best.has(kind) || best.get(kind).size < size)
			best.set(kind, {url: file, size});
	}
	return [...best.values()].map(page => page.url).sort();
}

// A page that writes down what it should not do.
async function open(browser, base, options) {
	const context = await browser.newContext(options), page = await context.newPage();
	page.faults = [];
	page.on('console', message => page.faults.push(`${page.url()}: console: ${message.text()}`));
	page.on('pageerror', error => page.faults.push(`${page.url()}: script: ${error.message}`));
	page.on('request', request => request.url().startsWith(base) || page.faults.push(`${page.url()}: asks for ${request.url()}`));
	page.on('requestfailed', request => page.faults.push(`${page.url()}: cannot load ${request.url()}`));
	page.on('response', r => r.status() < 400 || page.faults.push(`${page.url()}: ${r.status()} for ${r.url()}`));
	return page;
}

// What axe finds on the page as it stands, by every rule but those left out.
async function violations(page, without = []) {
	if (!await page.evaluate('typeof axe === "object"')) await page.evaluate(axe);
	const rules = Object.fromEntries(without.map(name => [name, {enabled: false}]));
	const found = await page.evaluate(options => axe.run(document, options), {...RULES, rules});
	return found.violations.map(v => `${v.id}: ${v.help}\n` +
		v.nodes.slice(0, 3).map(n => `    ${n.html.slice(0, 160)} ${(n.any[0] || {}).message || ''}`).join('\n'));
}

// In the page: what sticks out sideways, but for what stands in a box that scrolls.
function sticksOut() {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return null;
	const scrolls = e => e && (/auto|scroll|hidden/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
	const wide = [...document.querySelectorAll('body *')].filter(e => {
		const box = e.getBoundingClientRect();
		return (box.right > width + 1 || box.left < -1) && box.width && !scrolls(e.parentElement) && !e.closest('.skip');
	});
	return `${document.documentElement.scrollWidth} px wide in ${width}: ` +
		wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' | ');
}

// Builds `report` (LOOK_AT=DIR: a site already built), serves it, starts Chromium once, runs look(browser, base, root).
async function main(report, prefix, look, said) {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-look-'));
	let server, browser;
	try {
		const root = process.env.LOOK_AT ? path.resolve(process.env.LOOK_AT) : build(report, work, said);
		server = await serve(root, prefix);
		browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS});
		await look(browser, `http://127.0.0.1:${server.address().port}${prefix}`, root);
	} catch (error) {
		ok('no surprise', error.stack);
	} finally {
		if (browser) await browser.close();
		if (server) server.close();
		fs.rmSync(work, {recursive: true, force: true});
	}
	console.log(`1..${tests}`);
	process.exitCode = failed ? 1 : 0;
}

module.exports = {PHONE, WIDE, kinds, main, ok, open, pages, sticksOut, violations};
