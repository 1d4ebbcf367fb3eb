/* What charts say - findings, notices, tooltips - in the languages that stet ships with, beside the English of
 * generator/chart/words.c. A series' name may be of any gender and number, so verbs that must agree with it are
 * avoided where a language has them. */
#include "page/private.h"

#include <string.h>

/* In the order of the tags below. */
static const char *const tags[] = {"de", "fr", "es", "ja", "ar"};

static const struct {
	const char *key, *texts[G_N_ELEMENTS(tags)];
} sentences[] = {
	{"in-year", {"im Jahr {period}", "en {period}", "en {period}", "{period}年", "في عام {period}"}},
	{"in-quarter", {"im {period}", "au {period}", "en el {period}", "{period}", "في {period}"}},
	{"in-month", {"im {period}", "en {period}", "en {period}", "{period}", "في {period}"}},
	{"on-date", {"am {period}", "le {period}", "el {period}", "{period}", "في {period}"}},
	{"at-number", {"bei {period}", "à {period}", "en {period}", "{period}", "عند {period}"}},
	{"one-value", {"{series}: {to} {then}", "{series} : {to} {then}", "{series}: {to} {then}", "{series}:{then}は{to}", "{series}: {to} {then}"}},
	{"stood", {"{series} lag {then} wie {when} bei {to}",
	           "{series} reste à {to} {then}, comme {when}",
	           "{series} se mantuvo en {to} {then}, igual que {when}",
	           "{series}は{then}も{when}と同じ{to}",
	           "بقاء {series} عند {to} {then} كما {when}"}},
	{"rose", {"{series} stieg von {from} {when} auf {to} {then}",
	          "{series} passe de {from} {when} à {to} {then}, en hausse",
	          "{series} subió de {from} {when} a {to} {then}",
	          "{series}は{when}の{from}から{then}の{to}へ上昇",
	          "ارتفاع {series} من {from} {when} إلى {to} {then}"}},
	{"fell", {"{series} sank von {from} {when} auf {to} {then}",
	          "{series} passe de {from} {when} à {to} {then}, en baisse",
	          "{series} bajó de {from} {when} a {to} {then}",
	          "{series}は{when}の{from}から{then}の{to}へ低下",
	          "انخفاض {series} من {from} {when} إلى {to} {then}"}},
	{"course", {"{course}.", "{course}.", "{course}.", "{course}。", "{course}."}},
	{"largest-move", {"Stärkste Veränderung: {course}.",
	                  "Plus forte variation : {course}.",
	                  "Mayor variación: {course}.",
	                  "変動が最も大きいもの:{course}。",
	                  "أكبر تغيّر: {course}."}},
	{"latest-one", {"{measure} {when}: {first} liegt mit {high} am höchsten.",
	                "{measure} {when} : maximum pour {first} ({high}).",
	                "{measure} {when}: el valor más alto es el de {first} ({high}).",
	                "{when}の{measure}:最高は{first}の{high}。",
	                "{measure} {when}: الأعلى {first} بقيمة {high}."}},
	{"latest", {"{measure} {when}: {first} liegt mit {high} am höchsten, {last} mit {low} am niedrigsten.",
	            "{measure} {when} : maximum pour {first} ({high}), minimum pour {last} ({low}).",
	            "{measure} {when}: el valor más alto es el de {first} ({high}); el más bajo, el de {last} ({low}).",
	            "{when}の{measure}:最高は{first}の{high}、最低は{last}の{low}。",
	            "{measure} {when}: الأعلى {first} بقيمة {high}، والأدنى {last} بقيمة {low}."}},
	{"range-one", {"Der höchste Wert war {high} {when}.", "Le maximum est de {high} {when}.", "El valor más alto fue {high} {when}.",
	               "最高は{when}の{high}。", "أعلى قيمة {high} {when}."}},
	{"range", {"Der höchste Wert war {high} {when}, der niedrigste {low} {then}.",
	           "Le maximum est de {high} {when}, le minimum de {low} {then}.",
	           "El valor más alto fue {high} {when}; el más bajo, {low} {then}.",
	           "最高は{when}の{high}、最低は{then}の{low}。",
	           "أعلى قيمة {high} {when}، وأدنى قيمة {low} {then}."}},
	{"names-one", {"{measure}: {first} liegt mit {high} am höchsten.",
	               "{measure} : maximum pour {first} ({high}).",
	               "{measure}: el valor más alto es el de {first} ({high}).",
	               "{measure}:最高は{first}の{high}。",
	               "{measure}: الأعلى {first} بقيمة {high}."}},
	{"names", {"{measure}: {first} liegt mit {high} am höchsten, {last} mit {low} am niedrigsten.",
	           "{measure} : maximum pour {first} ({high}), minimum pour {last} ({low}).",
	           "{measure}: el valor más alto es el de {first} ({high}); el más bajo, el de {last} ({low}).",
	           "{measure}:最高は{first}の{high}、最低は{last}の{low}。",
	           "{measure}: الأعلى {first} بقيمة {high}، والأدنى {last} بقيمة {low}."}},
	{"cells", {"{measure}: am höchsten bei {first} ({high}), am niedrigsten bei {last} ({low}).",
	           "{measure} : maximum pour {first} ({high}), minimum pour {last} ({low}).",
	           "{measure}: máximo en {first} ({high}), mínimo en {last} ({low}).",
	           "{measure}:最高は{first}({high})、最低は{last}({low})。",
	           "{measure}: الأعلى في {first} ({high})، والأدنى في {last} ({low})."}},
	{"facets", {"{count} kleine Diagramme mit gleicher Skala, eines je {name}. {last}: {finding}",
	            "{count} petits graphiques à la même échelle, un par {name}. {last} : {finding}",
	            "{count} gráficos pequeños con la misma escala, uno por {name}. {last}: {finding}",
	            "同じ目盛りの小さなグラフ{count}個({name}ごとに1個)。{last}:{finding}",
	            "رسوم صغيرة بالمقياس نفسه، واحد لكل {name}، وعددها {count}. {last}: {finding}"}},
	{"largest-part", {"{measure}: Der größte Teil ist {first} mit {high}, das sind {share} des Ganzen.",
	                  "{measure} : la plus grande part est {first} avec {high}, soit {share} du total.",
	                  "{measure}: la mayor parte es {first} con {high}, el {share} del total.",
	                  "{measure}:最大は{first}の{high}で、全体の{share}。",
	                  "{measure}: الجزء الأكبر {first} بقيمة {high}، أي {share} من الإجمالي."}},
	{"name-in", {"{series}, {name}", "{series}, {name}", "{series}, {name}", "{series}、{name}", "{series}، {name}"}},
	{"rises-with", {"Je größer {x}, desto größer {y} ({count} Punkte, Korrelation {r}).",
	                "{y} augmente avec {x} ({count} points, corrélation {r}).",
	                "{y} aumenta con {x} ({count} puntos, correlación {r}).",
	                "{x}が大きいほど{y}も大きい({count}点、相関係数{r})。",
	                "تزداد قيمة {y} كلما زادت قيمة {x} (عدد النقاط {count}، معامل الارتباط {r})."}},
	{"falls-with", {"Je größer {x}, desto kleiner {y} ({count} Punkte, Korrelation {r}).",
	                "{y} diminue quand {x} augmente ({count} points, corrélation {r}).",
	                "{y} disminuye cuando {x} aumenta ({count} puntos, correlación {r}).",
	                "{x}が大きいほど{y}は小さい({count}点、相関係数{r})。",
	                "تنخفض قيمة {y} كلما زادت قيمة {x} (عدد النقاط {count}، معامل الارتباط {r})."}},
	{"hardly-with", {"Zwischen {x} und {y} besteht kaum ein Zusammenhang ({count} Punkte, Korrelation {r}).",
	                 "{y} ne varie guère avec {x} ({count} points, corrélation {r}).",
	                 "{y} apenas varía con {x} ({count} puntos, correlación {r}).",
	                 "{x}と{y}にはほとんど関係がない({count}点、相関係数{r})。",
	                 "لا تكاد قيمة {y} تتغيّر مع {x} (عدد النقاط {count}، معامل الارتباط {r})."}},
	{"no-points", {"Keine Zeile enthält beide Zahlen.", "Aucune ligne ne contient les deux nombres.", "Ninguna fila tiene ambos números.",
	               "両方の数値がそろった行がありません。", "لا يوجد صف فيه الرقمان معًا."}},
	{"spread", {"{measure} in {count} Zeilen: von {low} bis {high}, die Hälfte unter {middle}.",
	            "{measure} sur {count} lignes : de {low} à {high}, la moitié sous {middle}.",
	            "{measure} en {count} filas: de {low} a {high}; la mitad, por debajo de {middle}.",
	            "{measure}({count}行):{low}から{high}まで、半数は{middle}未満。",
	            "{measure} (عدد الصفوف {count}): من {low} إلى {high}، ونصفها أقل من {middle}."}},
	{"count-by", {"Anzahl nach {measure}", "Nombre selon {measure}", "Número por {measure}", "{measure}別の件数", "العدد حسب {measure}"}},
	{"bin", {"{low} bis {high}: {count}", "{low} à {high} : {count}", "{low} a {high}: {count}", "{low}から{high}:{count}", "من {low} إلى {high}: {count}"}},
	{"medians", {"{measure}, Median: {first} {high}, {last} {low}.",
	             "{measure}, médiane : {first} {high}, {last} {low}.",
	             "{measure}, mediana: {first} {high}, {last} {low}.",
	             "{measure}の中央値:{first} {high}、{last} {low}。",
	             "{measure}، الوسيط: {first} {high}، {last} {low}."}},
	{"median", {"{measure}, Median: {high}.", "{measure}, médiane : {high}.", "{measure}, mediana: {high}.", "{measure}の中央値:{high}。",
	            "{measure}، الوسيط: {high}."}},
	{"box", {"{name}: Median {middle}, mittlere Hälfte {low} bis {high}, {count} Zeilen",
	         "{name} : médiane {middle}, moitié centrale de {low} à {high}, {count} lignes",
	         "{name}: mediana {middle}, mitad central de {low} a {high}, {count} filas",
	         "{name}:中央値{middle}、中央の半数は{low}から{high}、{count}行",
	         "{name}: الوسيط {middle}، النصف الأوسط من {low} إلى {high}، عدد الصفوف {count}"}},
	{"strip", {"{name}: Median {middle}, {count} Zeilen", "{name} : médiane {middle}, {count} lignes", "{name}: mediana {middle}, {count} filas",
	           "{name}:中央値{middle}、{count}行", "{name}: الوسيط {middle}، عدد الصفوف {count}"}},
	{"bridge", {"{measure}: von {from} ({first}) auf {to} ({last}); größte Veränderung: {name}, {change}.",
	            "{measure} : de {from} ({first}) à {to} ({last}) ; plus forte variation : {name}, {change}.",
	            "{measure}: de {from} ({first}) a {to} ({last}); mayor variación: {name}, {change}.",
	            "{measure}:{from}({first})から{to}({last})へ。最大の変動は{name}の{change}。",
	            "{measure}: من {from} ({first}) إلى {to} ({last})، وأكبر تغيّر: {name}، {change}."}},
	{"targets", {"{met} von {count} erreichen ihr Ziel.", "{met} sur {count} atteignent leur objectif.", "{met} de {count} alcanzan su objetivo.",
	             "{count}件中{met}件が目標を達成。", "بلغ الهدف {met} من {count}."}},
	{"target", {"{name}: {value}, Ziel {target}", "{name} : {value}, objectif {target}", "{name}: {value}, objetivo {target}",
	            "{name}:{value}、目標{target}", "{name}: {value}، الهدف {target}"}},
	{"events", {"{count} Ereignisse, von {when} ({first}) bis {then} ({last}).",
	            "{count} événements, de {when} ({first}) à {then} ({last}).",
	            "{count} acontecimientos, de {when} ({first}) a {then} ({last}).",
	            "{when}({first})から{then}({last})まで、{count}件の出来事。",
	            "عدد الأحداث {count}، من {when} ({first}) إلى {then} ({last})."}},
	{"total", {"Summe", "Total", "Total", "合計", "المجموع"}},
	{"other", {"Übrige", "Autres", "Otros", "その他", "أخرى"}},
	{"no-data", {"Keine Daten", "Aucune donnée", "Sin datos", "データなし", "لا توجد بيانات"}},
	{"no-rows", {"keine Zeile der Daten passt", "aucune ligne des données ne correspond", "ninguna fila de los datos coincide", "条件に合う行がありません",
	             "لا يوجد صف مطابق في البيانات"}},
	{"no-value", {"keine Zeile hat in {column} den Wert „{value}“", "aucune ligne n’a « {value} » dans {column}", "ninguna fila tiene «{value}» en {column}",
	              "{column}が「{value}」の行がありません", "لا يوجد صف قيمة {column} فيه «{value}»"}},
	{"empty", {"{notice}: {reason}.", "{notice} : {reason}.", "{notice}: {reason}.", "{notice}:{reason}。", "{notice}: {reason}."}},
	{"series-of", {"{series}, {count} Werte", "{series}, {count} valeurs", "{series}, {count} valores", "{series}、{count}個の値",
	               "{series}، عدد القيم {count}"}},
};

const char *chart_sentence(const char *tag, const char *key)
{
	gsize n = strcspn(tag, "-");
	for (guint language = 0; language < G_N_ELEMENTS(tags); language++)
		if (strlen(tags[language]) == n && strncmp(tags[language], tag, n) == 0)
			for (guint i = 0; i < G_N_ELEMENTS(sentences); i++)
				if (strcmp(sentences[i].key, key) == 0)
					return sentences[i].texts[language];
	return NULL;
}

/* The author's own, site.yaml's `words` under "chart-rose", goes before the catalogue's. */
static void say_sentence(StetTheme *theme, const StetNode *words, const char *tag, const char *key, StetDiagnostics *diags)
{
	g_autofree char *name = g_strconcat("chart-", key, NULL);
	const StetNode *own = stet_node_get(words, name);
	if (own && own->kind == STET_NODE_MAP)
		own = stet_node_get(own, tag);
	const char *sentence = own && own->text ? own->text : chart_sentence(tag, key);
	if (sentence && !stet_theme_say(theme, key, sentence) && own)
		stet_diagnose(diags, STET_ERROR, "word-blank", own->place, "use those of the English sentence",
		              "a blank of '%s' that nothing fills: '%s'", name, sentence);
}

StetTheme *theme_in(const StetTheme *theme, const StetNode *words, const char *tag, StetDiagnostics *diags)
{
	StetTheme *copy = stet_theme_copy(theme);
	const char *key = NULL;
	for (guint i = 0; stet_chart_sentence(i, &key); i++)
		say_sentence(copy, words, tag, key, diags);
	return copy;
}
