/* The sentences that charts say: findings, notices, tooltips. English by default, a catalogue may say them in
 * another language; numbers and periods in them are the locale's already. */
#ifndef CHART_WORDS_H
#define CHART_WORDS_H

typedef enum {
	SAY_IN_YEAR,
	SAY_IN_QUARTER,
	SAY_IN_MONTH,
	SAY_ON_DATE,
	SAY_AT_NUMBER,
	SAY_ONE,
	SAY_STOOD,
	SAY_ROSE,
	SAY_FELL,
	SAY_COURSE,
	SAY_MOVER,
	SAY_LATEST_ONE,
	SAY_LATEST,
	SAY_RANGE_ONE,
	SAY_RANGE,
	SAY_NAMES_ONE,
	SAY_NAMES,
	SAY_CELLS,
	SAY_FACETS,
	SAY_PART,
	SAY_NAME_IN,
	SAY_RISES_WITH,
	SAY_FALLS_WITH,
	SAY_HARDLY_WITH,
	SAY_NO_POINTS,
	SAY_SPREAD,
	SAY_COUNT_BY,
	SAY_BIN,
	SAY_MEDIANS,
	SAY_MEDIAN,
	SAY_BOX,
	SAY_STRIP,
	SAY_BRIDGE,
	SAY_TARGETS,
	SAY_TARGET,
	SAY_EVENTS,
	SAY_TOTAL,
	SAY_OTHER,
	SAY_NO_DATA,
	SAY_NO_ROWS,
	SAY_NO_VALUE,
	SAY_EMPTY,
	SAY_SERIES_OF,
	SAY_END
} ChartSay;

/* The key and the English of each. */
extern const struct ChartSentence {
	const char *key, *english;
} chart_sentences[SAY_END];

#endif
