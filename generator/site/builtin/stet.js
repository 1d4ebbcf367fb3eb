// The one script of a site: search, and tables that sort and filter. Without it nothing is missing but these. It is
// published without its comments and spaces (script.c): a comment has a line of its own, every statement its semicolon.
(() => {
'use strict';
const root = document.currentScript.src.replace(/assets\/[^/]*$/, '');
const lang = document.documentElement.lang || 'en';
const all = {/*words*/};
const words = all[lang] || all[lang.split('-')[0]] || Object.values(all)[0];
const say = (key, ...parts) => words[key].replace(/%s/g, () => parts.shift());
const make = (name, attributes, ...inside) => {
	const element = document.createElement(name);
	for (const key in attributes) element.setAttribute(key, attributes[key]);
	element.append(...inside);
	return element;
};

// ---- the index: shards are scripts, for a page on a disk may load those but not fetch
const shards = {};
let version = '';
function load(name) {
	if (!shards[name]) {
		const shard = shards[name] = {};
		shard.promise = new Promise((done) => {
			shard.done = done;
			const script = make('script', {src: `${root}search/${name}.js${version}`});
			script.onerror = () => done(null);
			document.head.append(script);
		});
	}
	return shards[name].promise;
}
window.stet = (name, data) => shards[name] && shards[name].done(data);

// Words as the index has them.
const dense = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}]';
const runs = new RegExp(`${dense}+|(?:(?!${dense})[\\p{L}\\p{N}])+`, 'gu'), isDense = new RegExp(dense, 'u');
function cut(text) {
	const found = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/ς/g, 'σ').match(runs) || [];
	return found.flatMap((run) => {
		if (!isDense.test(run)) return run.slice(0, 24);
		const signs = [...run];
		return signs.length < 2 ? run : signs.slice(1).map((sign, i) => signs[i] + sign);
	});
}
function hash(word) {
	let sum = 0;
	for (const sign of [...word].slice(0, 2)) sum = (sum * 131 + sign.codePointAt(0)) >>> 0;
	return sum;
}

// Documents that have the beginning of a word: document -> score.
async function lookUp(index, term) {
	const shard = await load('t' + hash(term) % index.t) || {}, found = new Map(), fits = [1, 2, 4, 8];
	for (const word in shard) {
		if (!word.startsWith(term)) continue;
		const places = shard[word], many = places[0] < 0 ? -places[0] : places.length;
		const weight = (word === term ? 1 : 0.6) * (1 + Math.log((index.n + 1) / many));
		let place = 0;
		for (const step of places) {
			if (step < 0) continue;
			place += step;
			found.set(place >> 2, Math.max(found.get(place >> 2) || 0, weight * fits[place & 3]));
		}
	}
	return found;
}

// Figures of one file whose metric, series and period hold all terms; the latest of each series.
function figures(file, terms, score) {
	const hits = [], title = cut(file.t), has = (list, term) => list.some((word) => word.startsWith(term));
	const periods = file.p.map(cut);
	for (const [label, measure, rows] of file.s) {
		const names = cut(label), own = [...title, ...names, ...cut(measure)];
		const rest = terms.filter((term) => !has(own, term)), named = terms.filter((term) => has(names, term)).length;
		// A series, and of what or when: more than its name.
		const precise = names.length ? named && named < terms.length : terms.length > 1 && rest.length;
		for (let i = rows.length - 3; i >= 0; i -= 3) {
			if (!rest.every((term) => has(periods[rows[i]], term))) continue;
			hits.push({title: [file.t, measure, label].filter(Boolean).join(' · '), context: file.p[rows[i]], value: rows[i + 1],
				url: file.u + (rows[i + 2] && '#' + rows[i + 2]), score: precise ? score * 3 : score, n: terms.length});
			break;
		}
	}
	return hits.slice(0, 6);
}

async function find(query) {
	const index = await load('index');
	if (!index) return [];
	version = '?' + index.v;
	const terms = [...new Set(cut(query.replace(/(\d{4})(q[1-4])\b/gi, '$1 $2')))].slice(0, 8), scores = new Map();
	for (const found of await Promise.all(terms.map((term) => lookUp(index, term))))
		for (const [place, score] of found) {
			const hit = scores.get(place) || {n: 0, score: 0, place};
			hit.n++;
			hit.score += score;
			scores.set(place, hit);
		}
	const files = index.f.flatMap(([name, n]) => Array.from({length: n}, (_, i) => `f-${name}-${i}`));
	const ranked = [...scores.values()].sort((a, b) => b.n - a.n || b.score - a.score || a.place - b.place);
	const numbers = await Promise.all(ranked.filter((hit) => hit.place < files.length).slice(0, 6).map(async (hit) => {
		const file = await load(files[hit.place]);
		return file ? figures(file, terms, hit.score) : [];
	}));
	const pages = await Promise.all(ranked.filter((hit) => hit.place >= files.length).slice(0, 12).map(async (hit) => {
		const at = hit.place - files.length, shard = await load('d' + Math.floor(at / index.d));
		const [title, url, context] = shard ? shard[at % index.d] : [];
		return {title, url, context, score: hit.score, n: hit.n};
	}));
	const hits = [...pages, ...numbers.flat()].filter((hit) => hit.url), most = Math.max(...hits.map((hit) => hit.n));
	return hits.filter((hit) => hit.n === most).sort((a, b) => b.score - a.score).slice(0, 12);
}

// ---- the box (WAI-ARIA: combobox with a listbox)
function searchBox(head) {
	const box = make('input', {id: 'search-box', type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'search-hits',
		'aria-autocomplete': 'list', autocomplete: 'off', spellcheck: 'false', placeholder: say('search'), 'aria-label': say('search'), 'aria-keyshortcuts': '/'});
	const list = make('ul', {id: 'search-hits', role: 'listbox', 'aria-label': say('search'), hidden: ''});
	const status = make('p', {role: 'status'}), form = make('form', {role: 'search', class: 'search'}, box, list, status);
	let hits = [], active = -1, turn = 0;
	const go = (hit, aside) => hit && (aside ? open(root + hit.url) : (location.href = root + hit.url));
	const show = (on) => {
		list.hidden = !on;
		box.setAttribute('aria-expanded', on);
		if (!on) choose(-1);
	};
	const choose = (number) => {
		active = number;
		[...list.children].forEach((option, i) => option.setAttribute('aria-selected', i === number));
		if (number < 0) return box.removeAttribute('aria-activedescendant');
		box.setAttribute('aria-activedescendant', 'hit-' + number);
		list.children[number].scrollIntoView({block: 'nearest'});
	};
	const update = async () => {
		const mine = ++turn, found = box.value.trim() ? await find(box.value) : [];
		if (mine !== turn) return;
		hits = found;
		list.replaceChildren(...hits.map((hit, i) => {
			const option = make('li', {id: 'hit-' + i, role: 'option', 'aria-selected': 'false'}, make('span', {class: 'hit'}, hit.title));
			if (hit.value) option.append(' ', make('b', {}, hit.value));
			if (hit.context) option.append(' ', make('small', {}, hit.context));
			option.onmousedown = (event) => event.preventDefault();
			option.onclick = (event) => go(hit, event.ctrlKey || event.metaKey);
			return option;
		}));
		status.textContent = !box.value.trim() ? '' : hits.length ? say('search_some', hits.length) : say('search_none');
		show(hits.length > 0);
	};
	box.onfocus = () => load('index');
	box.oninput = update;
	box.onblur = () => show(false);
	box.onkeydown = (event) => {
		const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
		if (step && hits.length) {
			event.preventDefault();
			if (list.hidden) show(true);
			choose((active + step + (active < 0 && step < 0 ? 1 : 0) + hits.length) % hits.length);
		} else if (event.key === 'Escape') {
			event.preventDefault();
			if (!list.hidden) return show(false);
			box.value = status.textContent = '';
			box.blur();
		}
	};
	form.onsubmit = async (event) => {
		event.preventDefault();
		if (active < 0) await update();
		go(hits[Math.max(active, 0)]);
	};
	head.insertBefore(form, head.querySelector('button'));
	document.addEventListener('keydown', (event) => {
		if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea|select)$/i.test(event.target.tagName)) return;
		event.preventDefault();
		box.focus();
	});
}

// ---- tables
const mark = (1.5).toLocaleString(lang).replace(/\d/g, ''), powers = {};
for (const compactDisplay of ['long', 'short'])
	for (const power of [3, 6, 9, 12])
		for (const part of new Intl.NumberFormat(lang, {notation: 'compact', compactDisplay}).formatToParts(10 ** power))
			if (part.type === 'compact') powers[part.value.trim()] = 10 ** power;
const months = Array.from({length: 12}, (_, i) => new Date(2020, i).toLocaleString(lang, {month: 'long'}));
function amount(text) {
	const digits = text.match(/\d[\d.,\s\x27’٬٫]*/);
	if (!digits) return NaN;
	const number = parseFloat([...digits[0]].filter((c) => /\d/.test(c) || c === mark).join('').replace(mark, '.'));
	const word = text.slice(digits.index + digits[0].length).trim().split(/\s/)[0];
	return (/[-−]\D*\d/.test(text) ? -1 : 1) * number * (powers[word] || 1);
}
function moment(text) {
	const parts = /^(.*?)\s?(\d{4})$/.exec(text);
	return parts && (!parts[1] || /\d/.test(parts[1]) || months.includes(parts[1])) && !/[.,]/.test(parts[1])
		? parts[2] * 1000 + 32 * (1 + months.findIndex((month) => parts[1].includes(month))) + (parseInt(parts[1].replace(/\D/g, ''), 10) || 0) : NaN;
}
const known = (text) => text && text !== '–';
function sortBy(rows, column) {
	const texts = rows.map((row) => row.cells[column].textContent.trim());
	const way = [moment, amount].find((each) => texts.every((text) => !known(text) || !isNaN(each(text))));
	const keys = new Map(rows.map((row, i) => [row, {text: texts[i], key: way && way(texts[i])}]));
	return (a, b, sign) => {
		const x = keys.get(a), y = keys.get(b);
		if (!known(x.text) || !known(y.text)) return known(y.text) ? 1 : known(x.text) ? -1 : 0;
		return sign * (way ? x.key - y.key : x.text.localeCompare(y.text, lang, {numeric: true}));
	};
}
function sorting(table, rows) {
	const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
	heads.forEach((head, column) => {
		if (!head.textContent.trim() || head.querySelector('a, button')) return;
		const button = make('button', {type: 'button', class: 'sort'}, ...head.childNodes);
		head.append(button);
		button.onclick = () => {
			const now = head.getAttribute('aria-sort'), next = !now ? 'ascending' : now === 'ascending' ? 'descending' : null;
			heads.forEach((other) => other.removeAttribute('aria-sort'));
			if (next) head.setAttribute('aria-sort', next);
			const compare = sortBy(rows, column), sign = next === 'descending' ? -1 : 1;
			body.append(...(next ? [...rows].sort((a, b) => compare(a, b, sign)) : rows));
		};
	});
}
function filtering(table, rows) {
	const box = make('input', {type: 'search', autocomplete: 'off'}), status = make('span', {role: 'status'});
	box.oninput = () => {
		const terms = cut(box.value);
		let shown = 0;
		for (const row of rows) {
			const own = cut([...row.cells].map((cell) => cell.textContent).join(' '));
			row.hidden = !terms.every((term) => own.some((word) => word.startsWith(term)));
			shown += !row.hidden;
		}
		status.textContent = terms.length ? say('rows_shown', shown, rows.length) : '';
	};
	(table.closest('.table-scroll') || table).before(make('p', {class: 'filter'}, make('label', {}, say('filter_rows') + ' ', box), status));
}
function enhance() {
	for (const table of document.querySelectorAll('main table.data')) {
		const rows = table.tBodies.length === 1 && table.tHead && table.tHead.rows.length === 1 ? [...table.tBodies[0].rows] : [];
		if (rows.length < 3 || table.tBodies[0].querySelector('[colspan], [rowspan]')) continue;
		sorting(table, rows);
		if (rows.length > 12) filtering(table, rows);
	}
	const head = document.querySelector('.masthead');
	if (head && words.search) searchBox(head);
}
enhance();
})();
