#!/usr/bin/env node
// Every page of the case study in a browser: what axe finds, wide and light, and on one page of every kind on a phone in
// the dark too; reflow at 320 px and with text twice as large; what it says and asks for, with and without JavaScript.
// Contrast, which takes axe as long as all other rules, is judged on one page of every kind. LOOKS=all judges every page
// by every rule, in light and dark, on both. LOOK_AT=DIR looks at a site already built, TABS=N at N pages at a time.
'use strict';
const {PHONE, WIDE, kinds, main, ok, open, pages, sticksOut, violations} = require('./lib.js');

const TABS = Number(process.env.TABS || 3);
const ALL = process.env.LOOKS === 'all';
const LOOKS = [
	['light, wide', WIDE, 'light'],
	['dark, on a phone', PHONE, 'dark'],
	...ALL ? [['light, on a phone', PHONE, 'light'], ['dark, wide', WIDE, 'dark']] : [],
];
const REFLOWS = [
	['320 px', {width: 320, height: 640}, ''],
	['200 % zoom of 1280 px, text twice as large', {width: 640, height: 400}, '200%'],
];

// Runs look(page, url) on every page, TABS at a time, in tabs with these options; gives what the tabs wrote down.
async function everyPage(browser, base, urls, options, look) {
	const waiting = [...urls];
	const tab = async () => {
		const page = await open(browser, base, options);
		for (let url; (url = waiting.shift());) {
			await page.goto(base + url);
			await look(page, url);
		}
		await page.context().close();
		return page.faults;
	};
	return (await Promise.all(Array.from({length: TABS}, tab))).flat();
}

main('.', '/sub/path/', async (browser, base, root) => {
	const urls = pages(root), chosen = new Set(ALL ? urls : kinds(root));
	const found = new Map([...LOOKS, ...REFLOWS].map(look => [look[0], []])), began = Date.now();
	const faults = await everyPage(browser, base, urls, {viewport: WIDE}, async (page, url) => {
		for (const [name, viewport, colorScheme] of chosen.has(url) ? LOOKS : LOOKS.slice(0, 1)) {
			await page.setViewportSize(viewport);
			await page.emulateMedia({colorScheme, reducedMotion: colorScheme === 'dark' ? 'reduce' : 'no-preference'});
			for (const fault of await violations(page, chosen.has(url) ? [] : ['color-contrast'])) found.get(name).push(`${url}: ${fault}`);
		}
		for (const [name, viewport, size] of REFLOWS) {
			await page.setViewportSize(viewport);
			await page.evaluate(text => { document.documentElement.style.fontSize = text; }, size);
			const fault = await page.evaluate(sticksOut);
			if (fault) found.get(name).push(`${url}: ${fault}`);
		}
	});
	LOOKS.forEach(([name], i) => ok(`${i ? chosen.size : urls.length} pages, ${name}: axe finds nothing`, found.get(name)));
	for (const [name] of REFLOWS) ok(`${urls.length} pages, ${name}: nothing sticks out sideways`, found.get(name));
	ok('nothing on the console, nothing from elsewhere', faults);
	ok('nor without JavaScript', await everyPage(browser, base, urls, {viewport: WIDE, javaScriptEnabled: false}, () => {}));
	console.log(`# ${urls.length} pages, ${chosen.size} of them in every look, in ${((Date.now() - began) / 1000).toFixed(1)} s`);
});
