#!/usr/bin/env node
// What a reader meets: the case study in a browser, under its content security policy and below a sub-path, right to
// left and in forced colours on one page of every kind (the heaviest of its folder), then with keys, from a folder and
// on paper. LOOK_AT=DIR tests a site already built. What holds for every page: all-pages.t.
'use strict';
const {execFileSync} = require('child_process');
const {PHONE, WIDE, kinds, main, ok, open, sticksOut} = require('./lib.js');

async function eachPage(page, base, urls, look) {
	const faults = [];
	for (const url of urls) {
		await page.goto(base + url);
		const found = await look(url);
		for (const fault of [].concat(found).filter(Boolean)) faults.push(fault);
	}
	return faults;
}

async function checkReflow(browser, base, urls) {
	const cases = [
		['right to left', {viewport: PHONE}, () => { document.documentElement.dir = 'rtl'; }],
		['1024 px, forced colours', {viewport: {width: 1024, height: 768}, forcedColors: 'active'}, () => {}],
	];
	for (const [name, options, change] of cases) {
		const page = await open(browser, base, options);
		ok(`${name}: nothing sticks out sideways`, await eachPage(page, base, urls, async url => {
			await page.evaluate(change);
			const fault = await page.evaluate(sticksOut);
			return fault && `${url}: ${fault}`;
		}));
		await page.context().close();
	}
}

async function checkWithoutScript(browser, base) {
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
	await page.goto(base + 'metrics/consolidation_rate/index.html');
	const paper = await page.pdf({preferCSSPageSize: true});
	const sheets = execFileSync('pdftotext', ['-layout', '-', '-'], {input: paper, encoding: 'utf8'}).split('\f').filter(Boolean);
	ok(`a table that goes on says its columns on each of ${sheets.length} sheets, which are numbered`, sheets.map((text, i) =>
		[/^Q\d 20\d\d  /m.test(text) && !/^Quarter  /m.test(text) && `no header on sheet ${i + 1}`,
			!text.trim().endsWith(`${i + 1}`) && `no number on sheet ${i + 1}`]).flat());
	await page.context().close();
}

main('.', '/sub/path/', async (browser, base, root) => {
	const urls = kinds(root);
	ok(`there are pages to look at (${urls.length} kinds)`, urls.length < 4 && urls.join(' '));
	await checkReflow(browser, base, urls);
	await checkWithoutScript(browser, base);
	await checkFiles(browser, root);
	await checkPrint(browser, base);
});
