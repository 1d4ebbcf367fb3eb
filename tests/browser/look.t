#!/usr/bin/env node
// What a reader meets: the case study in a browser, under its content security policy and below a sub-path.
// One page of every kind (the heaviest of its folder) is looked at. LOOK_AT=DIR tests a site already built.
'use strict';
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const {execFileSync} = require('child_process');
const {chromium} = require('../node_modules/playwright-core');
const axe = fs.readFileSync(require.resolve('../node_modules/axe-core/axe.min.js'), 'utf8');

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'";
const TYPES = {'.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml',
	'.png': 'image/png', '.json': 'application/json', '.csv': 'text/csv'};
const WIDE = {width: 1440, height: 900}, PHONE = {width: 360, height: 740};
const RULES = {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
	resultTypes: ['violations']};

let tests = 0, failed = 0;
function ok(name, faults) {
	const list = [].concat(faults).filter(Boolean);
	tests++;
	if (list.length) failed++;
	console.log(`${list.length ? 'not ok' : 'ok'} ${tests} - ${name}`);
	list.slice(0, 20).forEach(fault => console.log('# ' + String(fault).replace(/\n/g, '\n# ')));
}

// ---- the site ------------------------------------------------------------------------------------

function build(work) {
	const stet = path.resolve(process.env.BUILD || 'build', 'stet'), report = path.join(work, 'report');
	for (const part of ['data', 'templates'])
		fs.cpSync(part, path.join(report, part), {recursive: true});
	execFileSync(stet, ['build', '--quiet', report], {stdio: ['ignore', 'inherit', 'ignore']});
	return path.join(report, 'out');
}

function serve(root) {
	const server = http.createServer((request, answer) => {
		let name = decodeURIComponent(new URL(request.url, 'http://x').pathname);
		if (name !== '/favicon.ico') // asked for by the browser, not by the site
			name = name.startsWith('/sub/path/') ? name.slice('/sub/path'.length) : '/nowhere';
		if (name.endsWith('/')) name += 'index.html';
		const file = path.join(root, name), found = fs.existsSync(file) && fs.statSync(file).isFile();
		answer.writeHead(found ? 200 : name === '/favicon.ico' ? 204 : 404, {'Content-Type': TYPES[path.extname(file)] || 'application/octet-stream',
			'Content-Security-Policy': POLICY});
		answer.end(found ? fs.readFileSync(file) : '');
	});
	return new Promise(done => server.listen(0, '127.0.0.1', () => done(server)));
}

// The heaviest page of each folder, with the top level's pages each on its own.
function choose(root) {
	const best = new Map();
	for (const file of fs.readdirSync(root, {recursive: true}).filter(f => f.endsWith('.html'))) {
		const parts = file.split(path.sep), size = fs.statSync(path.join(root, file)).size;
		const kind = parts.length > 2 ? parts.slice(0, -2).join('/') + '/*' : file;
		if (!best.has(kind) || best.get(kind).size < size)
			best.set(kind, {url: file.split(path.sep).join('/'), size});
	}
	return [...best.values()].map(page => page.url).sort();
}

// ---- looking -------------------------------------------------------------------------------------

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

async function violations(page, url) {
	await page.evaluate(axe + ';0');
	const found = await page.evaluate(rules => axe.run(document, rules), RULES);
	return found.violations.map(v => `${url}: ${v.id}: ${v.help}\n` +
		v.nodes.slice(0, 3).map(n => `    ${n.target} ${n.html.slice(0, 160)} ${(n.any[0] || {}).message || ''}`).join('\n'));
}

// What sticks out sideways, but for what stands in a box that scrolls.
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

async function eachPage(page, base, pages, look) {
	const faults = [];
	for (const url of pages) {
		await page.goto(base + url);
		const found = await look(url);
		for (const fault of [].concat(found).filter(Boolean)) faults.push(fault);
	}
	return faults;
}

async function checkLooks(browser, base, pages) {
	const looks = [['light, wide', {viewport: WIDE, colorScheme: 'light'}],
		['dark, on a phone', {viewport: PHONE, colorScheme: 'dark', reducedMotion: 'reduce'}]];
	await Promise.all(looks.map(async look => {
		look.page = await open(browser, base, look[1]);
		look.faults = await eachPage(look.page, base, pages, url => violations(look.page, url));
	}));
	for (const look of looks) {
		ok(`${look[0]}: axe finds nothing`, look.faults);
		ok(`${look[0]}: nothing on the console, nothing from elsewhere`, look.page.faults);
		await look.page.context().close();
	}
}

async function checkReflow(browser, base, pages) {
	const cases = [
		['320 px', {viewport: {width: 320, height: 640}}, () => {}],
		['text twice as large', {viewport: {width: 640, height: 800}}, () => { document.documentElement.style.fontSize = '200%'; }],
		['right to left', {viewport: PHONE}, () => { document.documentElement.dir = 'rtl'; }],
		['1024 px, forced colours', {viewport: {width: 1024, height: 768}, forcedColors: 'active'}, () => {}],
	];
	for (const [name, options, change] of cases) {
		const page = await open(browser, base, options);
		ok(`${name}: nothing sticks out sideways`, await eachPage(page, base, pages, async url => {
			await page.evaluate(change);
			const fault = await page.evaluate(sticksOut);
			return fault && `${url}: ${fault}`;
		}));
		await page.context().close();
	}
}

async function checkWithoutScript(browser, base, pages) {
	const page = await open(browser, base, {viewport: PHONE, javaScriptEnabled: false});
	await page.goto(base + 'index.html');
	ok('without JavaScript: the menu is shut at first', await page.isVisible('#menu') && 'it is open');
	await page.click('.masthead .menu-button');
	ok('the Menu button opens it', !await page.isVisible('#menu') && 'it stays shut');
	const closed = page.locator('#menu details:not([open]) summary').first();
	if (await closed.count()) await closed.click();
	const link = page.locator('#menu a:not([aria-current]):visible').last(), wanted = await link.getAttribute('href');
	await link.click();
	await page.waitForLoadState();
	ok('and leads on', page.url() !== new URL(wanted, base).href && `${page.url()}, not ${wanted}`);
	await page.goBack();
	await page.click('.masthead .menu-button');
	await page.keyboard.press('Escape');
	ok('Escape shuts it', await page.isVisible('#menu') && 'it is open');
	const figure = page.locator('main a.figure').first(), text = (await figure.innerText()).trim();
	await figure.click();
	await page.waitForLoadState();
	const row = page.locator(':target');
	ok('a figure leads to its row', [!await row.count() && `no target at ${page.url()}`,
		await row.count() && !await row.isVisible() && 'the row cannot be seen', !text && 'the figure is empty']);
	await page.goto(base + 'index.html');
	await page.keyboard.press('Tab');
	const skip = page.locator('.skip');
	ok('the first Tab reaches the skip link', (await skip.boundingBox()).x < 0 && 'it cannot be seen');
	const data = page.locator('details.figure-data').first();
	await data.locator('summary').click();
	ok("a chart's data can be unfolded", !await data.locator('table').isVisible() && 'no table');
	ok('no faults on the way', page.faults);
	await page.context().close();
}

async function checkFiles(browser, root) {
	const base = 'file://' + root + '/', page = await open(browser, base, {viewport: WIDE});
	await page.goto(base + 'index.html');
	const styled = await page.evaluate(() => getComputedStyle(document.querySelector('.masthead')).display);
	ok('from a folder: the style is there', styled !== 'flex' && styled);
	await page.locator('main a.figure').first().click();
	await page.waitForLoadState();
	ok('figures lead to their rows', !await page.locator(':target').count() && page.url());
	await page.locator('.site-title').click();
	await page.waitForLoadState();
	ok('and the title leads home', page.url() !== base + 'index.html' && page.url());
	ok('no faults on the way', page.faults);
	await page.context().close();
}

async function checkPrint(browser, base) {
	const page = await open(browser, base, {viewport: {width: 700, height: 1000}});
	await page.emulateMedia({media: 'print', colorScheme: 'dark'});
	await page.goto(base + 'index.html');
	const seen = await page.evaluate(() => ({
		menu: [...document.querySelectorAll('#menu, .menu-button, .skip')].some(e => e.getClientRects().length),
		paper: getComputedStyle(document.documentElement).backgroundColor,
	}));
	ok('in print: no navigation, white paper', [seen.menu && 'the menu is printed', seen.paper !== 'rgb(255, 255, 255)' && seen.paper]);
	await page.context().close();
}

(async () => {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stet-look-'));
	let server, browser;
	try {
		const root = process.env.LOOK_AT ? path.resolve(process.env.LOOK_AT) : build(work);
		server = await serve(root);
		const base = `http://127.0.0.1:${server.address().port}/sub/path/`;
		browser = await chromium.launch({executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox',
			'--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
			'--disable-sync']});
		const pages = choose(root);
		ok(`there are pages to look at (${pages.length} kinds)`, pages.length < 4 && pages.join(' '));
		await checkLooks(browser, base, pages);
		await checkReflow(browser, base, pages);
		await checkWithoutScript(browser, base, pages);
		await checkFiles(browser, root);
		await checkPrint(browser, base);
	} catch (error) {
		ok('no surprise', error.stack);
	} finally {
		if (browser) await browser.close();
		if (server) server.close();
		fs.rmSync(work, {recursive: true, force: true});
	}
	console.log(`1..${tests}`);
	process.exitCode = failed ? 1 : 0;
})();
