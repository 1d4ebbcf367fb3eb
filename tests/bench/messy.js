// Messy files read by stet and by the engine's own reader, once with the dialect given and once with it sniffed.
//
// The files follow the kinds of the published survey of CSV loading (one table, spoilt in one way a file: another
// delimiter, quote, escape, line end, preamble, header rows, or one row with a delimiter too many or too few, a stray
// quote, another delimiter) and so does the score: 1 if the file loads, and precision, recall and their harmonic mean
// of header names, rows and cells, ten points in all. The table is our own. A second set is that of the tests
// (tests/golden/dataset/messy): other kinds of mess, held against what an analyst would keep of each.
//
//   messy.js STET SQL WORK [STEP]   every STEPth file of those that spoil one row (default 7; 1: all)
const fs = require('fs'), path = require('path');
const { execFileSync, spawnSync } = require('child_process');
const [stet, sql, work] = process.argv.slice(2), step = Number(process.argv[5] || 7);

// ---- the table -----------------------------------------------------------------------------------------------------
const header = ['Date', 'Time', 'Units', 'Article', 'Price', 'Kind', 'Description', 'Address', 'Remarks'];
const kinds = ['Boots', 'Lamp, Two-Pack', 'Table, Round 48"', 'Socks', 'Rod 8 Wt.', 'Vest', 'Jacket, Hooded', 'Shorts, 5" Inseam'];
const texts = ['Light and quick, with warmth to spare.', 'Built to last and easy to clean', 'Our 8\'9" length, for rivers and lakes.',
	'A classic; now warmer, drier and lighter.', 'Works in wet and in dry conditions', 'Won\'t chip, peel or crack.'];
const table = [];
for (let i = 0; i < 84; i++)
	table.push([`${String(1 + i % 28).padStart(2, '0')}/0${1 + i % 9}/2018`, `${String(i % 24).padStart(2, '0')}:${i % 2 ? '15' : '30'}`,
		String(i * 7 % 34), `${'MRYC'[i % 4]}G-${1000 + i * 97 % 9000}`, `$${(i * 1237 % 9900 / 100).toFixed(2)}`, kinds[i % kinds.length],
		`${texts[i % texts.length]} No. ${i}`, `https://www.example.com/product/${1000 + i}.html`, i % 11 ? '' : 'sold out']);

const plain = { delimiter: ',', quote: '"', escape: '"', end: '\r\n' };
const cellText = (cell, d) => cell.includes(d.delimiter) || cell.includes(d.quote) || /[\r\n]/.test(cell)
	? d.quote + cell.split(d.quote).join(d.escape + d.quote) + d.quote : cell;
const rowText = (row, d) => row.map((cell) => cellText(cell, d)).join(d.delimiter) + d.end;
const tableText = (rows, d) => rows.map((row) => rowText(row, d)).join('');

// ---- the files -----------------------------------------------------------------------------------------------------
// name, text, [header, ...rows] expected, how it is declared to stet and to the engine
let files = [];
const add = (name, text, names, rows, dialect = {}, options = {}) => files.push({ name, text, names, rows, dialect, options });
const all = [header, ...table];
add('clean', tableText(all, plain), header, table);
for (const [name, delimiter] of [['space', ' '], ['comma space', ', '], ['semicolon', ';'], ['tab', '\t']])
	add(`delimiter ${name}`, tableText(all, { ...plain, delimiter }), header, table, { delimiter }, { delim: delimiter });
add('quote single', tableText(all, { ...plain, quote: "'", escape: "'" }), header, table, { quoteChar: "'" }, { quote: "'", escape: "'" });
add('escape backslash', tableText(all, { ...plain, escape: '\\' }), header, table, { escapeChar: '\\' }, { escape: '\\' });
add('line end lf', tableText(all, { ...plain, end: '\n' }), header, table);
add('line end cr', tableText(all, { ...plain, end: '\r' }), header, table);
add('last line end missing', tableText(all, plain).slice(0, -2), header, table);
add('last line end doubled', tableText(all, plain) + '\r\n', header, table);
add('header alone', tableText([header], plain), header, []);
add('header missing', tableText(table, plain), null, table, { header: false }, { header: 'false' });
add('one row', tableText(all.slice(0, 2), plain), header, table.slice(0, 1));
for (const n of [2, 3])
	add(`header of ${n} rows`, tableText([...Array(n - 1).fill(header), ...all], plain), header.map((name) => Array(n).fill(name).join(' ')), table,
		{ headerRows: [...Array(n).keys()].map((i) => i + 1) }, { skip: n - 1 });
add('preamble', 'Sales of the year\r\n\r\nmade by hand\r\n' + tableText(all, plain), header, table, { headerRows: [3] }, { skip: 3 });
for (let r = 0, n = 0; r < table.length; r++) {
	const spoil = (name, text, row) => {
		if (n++ % step)
			return;
		const rows = row ? table.map((old, i) => i === r ? row : old) : table;
		add(name, tableText([header, ...table.slice(0, r)], plain) + text + tableText(table.slice(r + 1), plain), header, rows);
	};
	const cells = table[r].map((cell) => cellText(cell, plain));
	for (let c = 0; c < header.length; c++) {
		const at = `row ${r} column ${c}`;
		spoil(`a delimiter too many, ${at}`, [...cells.slice(0, c), '', ...cells.slice(c)].join(',') + '\r\n');
		if (c > 0)
			spoil(`a delimiter missing, ${at}`, [...cells.slice(0, c - 1), cells[c - 1] + cells[c], ...cells.slice(c + 1)].join(',') + '\r\n');
		spoil(`a stray quote, ${at}`, cells.map((cell, i) => i === c ? '"' + cell : cell).join(',') + '\r\n',
			table[r].map((cell, i) => i === c ? '"' + cell : cell));
	}
	for (const delimiter of [' ', ', ', ';', '\t'])
		spoil(`row ${r} with ${JSON.stringify(delimiter)}`, rowText(table[r], { ...plain, delimiter }));
}

// ---- scores --------------------------------------------------------------------------------------------------------
function parse(text) {
	const rows = [];
	let row = [], cell = '', inside = false;
	for (let i = 0; i < text.length; i++) {
		const c = text[i];
		if (inside) {
			if (c !== '"') cell += c;
			else if (text[i + 1] === '"') { cell += c; i++; }
			else inside = false;
		} else if (c === '"') inside = true;
		else if (c === ',') { row.push(cell); cell = ''; }
		else if (c === '\n') { row.push(cell); rows.push(row); row = []; cell = ''; }
		else cell += c;
	}
	return rows;
}

// Precision, recall and their harmonic mean of what was found, each thing counted as often as it stands there.
function agreement(wanted, found) {
	const left = new Map();
	let both = 0;
	for (const thing of wanted)
		left.set(thing, (left.get(thing) || 0) + 1);
	for (const thing of found)
		if (left.get(thing) > 0) { left.set(thing, left.get(thing) - 1); both++; }
	if (!wanted.length) return 3;
	if (!both) return 0;
	const recall = both / wanted.length, precision = both / found.length;
	return precision + recall + 2 * precision * recall / (precision + recall);
}

function score(file, text) {
	if (text === null) return 0;
	const [names = [], ...rows] = parse(text);
	const keys = (list) => list.map((row) => row.map((cell) => cell || 'null').join(''));
	// where the header is missing, so are its names: the first row is data, or columns were named for it
	const data = file.names || rows.length >= file.rows.length ? rows : [names, ...rows];
	return 1 + agreement(file.names || [], names) + agreement(keys(file.rows), keys(data)) + agreement(file.rows.flat(), data.flat());
}

// ---- readers -------------------------------------------------------------------------------------------------------
const quoted = (text) => `'${text.replace(/'/g, "''")}'`;
const place = (i, kind) => path.join(work, `${i}.${kind}`);

function byStet(declared) {
	return files.map((file, i) => {
		const dialect = { delimiter: ',', quoteChar: '"', ...file.dialect };
		const more = declared ? ['--dialect', JSON.stringify(dialect), ...(file.encoding ? ['--encoding', file.encoding] : [])] : [];
		const run = spawnSync(stet, ['csv', '--lenient', ...more, place(i, 'csv')], { encoding: 'utf8' });
		return run.status === 0 ? run.stdout : null;
	});
}

function byEngine(declared, more) {
	const statements = files.map((file, i) => {
		const given = { delim: ',', quote: '"', escape: '"', header: 'true', ...file.options };
		const options = declared ? Object.entries(given).map(([key, value]) => `, ${key} = ${/^(true|false|\d+)$/.test(value) ? value : quoted(value)}`).join('') : '';
		fs.rmSync(place(i, 'out'), { force: true });
		return `copy (select * from read_csv(${quoted(place(i, 'csv'))}, all_varchar = true${options}${more})) to ${quoted(place(i, 'out'))} (format csv, header true)`;
	});
	execFileSync(sql, [], { input: statements.join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 28 });
	return files.map((file, i) => fs.existsSync(place(i, 'out')) ? fs.readFileSync(place(i, 'out'), 'utf8').replace(/\r\n/g, '\n') : null);
}

// ---- the table of results ------------------------------------------------------------------------------------------
const ways = [
	['stet', (declared) => byStet(declared)],
	['read_csv, ignore_errors', (declared) => byEngine(declared, ', ignore_errors = true')],
	['read_csv, ignore_errors, strict_mode = false', (declared) => byEngine(declared, ', ignore_errors = true, strict_mode = false')],
	['read_csv, and null_padding', (declared) => byEngine(declared, ', ignore_errors = true, strict_mode = false, null_padding = true')],
];
const worst = process.env.WORST; // a reader whose lost points are to be listed

function compare(what) {
	files.forEach((file, i) => fs.writeFileSync(place(i, 'csv'), file.text));
	console.log(`${files.length} ${what}, points of 10: dialect given, sniffed`);
	const means = ways.map(([name, read]) => {
		const both = [true, false].map((declared) => {
			const points = read(declared).map((text, i) => score(files[i], text));
			if (worst && name.startsWith(worst))
				points.forEach((p, i) => p < 9.99 && console.log(`  ${declared ? 'given' : 'sniffed'} ${p.toFixed(2)} ${i} ${files[i].name}`));
			return points.reduce((a, b) => a + b, 0) / files.length;
		});
		console.log(`  ${both[0].toFixed(3)}  ${both[1].toFixed(3)}  ${name}`);
		return both;
	});
	const better = [0, 1].every((k) => means.slice(1).every((other) => means[0][k] > other[k]));
	console.log(better ? '  stet is better at both' : '  stet is not better at both');
	return better;
}

// What an author would declare of a file to stet, as the engine's options.
function engineOptions({ dialect = {}, encoding }) {
	const options = {}, rows = dialect.headerRows;
	const names = { delimiter: 'delim', quoteChar: 'quote', escapeChar: 'escape', commentChar: 'comment' };
	for (const [key, option] of Object.entries(names))
		if (dialect[key]) options[option] = dialect[key];
	if (dialect.quoteChar) options.escape = dialect.quoteChar;
	if (dialect.header === false) options.header = 'false';
	if (rows && rows[rows.length - 1] > 1) options.skip = rows[rows.length - 1] - 1;
	if (encoding) options.encoding = encoding;
	return options;
}

function readGolden() {
	const folder = path.join(__dirname, '../golden/dataset/messy');
	return fs.readdirSync(folder).filter((file) => file.endsWith('.csv')).map((file) => {
		const base = path.join(folder, file.slice(0, -4)), [names, ...rows] = parse(fs.readFileSync(`${base}.expected`, 'utf8'));
		const given = fs.existsSync(`${base}.json`) ? JSON.parse(fs.readFileSync(`${base}.json`)) : {};
		return { name: file, text: fs.readFileSync(`${base}.csv`), names: given.dialect && given.dialect.header === false ? null : names,
			rows: given.dialect && given.dialect.header === false ? [names, ...rows] : rows,
			dialect: given.dialect || {}, encoding: given.encoding, options: engineOptions(given) };
	});
}

const survey = compare('files spoilt one way each');
files = readGolden();
process.exit(compare('files of the tests') && survey ? 0 : 1);
