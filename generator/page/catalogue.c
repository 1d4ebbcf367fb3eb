/* Words that stet itself puts on pages, in the languages it ships with. */
#include "page/private.h"

#include <string.h>

static const char *const languages[N_LANGUAGES] = {"en", "de", "fr", "es", "ja", "ar"};

static const CatalogueEntry entries[] = {
	{"agrees", {"Agrees with the data", "Stimmt mit den Daten überein", "Conforme aux données", "Concuerda con los datos", "データと一致", "يتفق مع البيانات"}},
	{"all", {"all", "alle", "tous", "todos", "すべて", "الكل"}},
	{"almost", {"almost %s", "fast %s", "près de %s", "casi %s", "%s近く", "ما يقرب من %s"}},
	{"all_metrics", {"All metrics", "Alle Kennzahlen", "Tous les indicateurs", "Todas las métricas", "すべての指標", "جميع المقاييس"}},
	{"all_rows", {"All rows", "Alle Zeilen", "Toutes les lignes", "Todas las filas", "すべての行", "جميع الصفوف"}},
	{"all_rows_of", {"%s, all rows", "%s, alle Zeilen", "%s, toutes les lignes", "%s, todas las filas", "%s(すべての行)", "%s، جميع الصفوف"}},
	{"and_more_pages", {"and on %s more pages",
	                    "und auf %s weiteren Seiten",
	                    "et sur %s autres pages",
	                    "y en %s páginas más",
	                    "ほか%sページ",
	                    "وفي %s صفحات أخرى"}},
	{"as_published", {"as published", "wie veröffentlicht", "tel que publié", "según lo publicado", "公表値", "كما نُشر"}},
	{"at_a_glance", {"At a glance", "Auf einen Blick", "En un coup d’œil", "De un vistazo", "概要", "نظرة سريعة"}},
	{"back_to_text", {"Back to the text", "Zurück zum Text", "Retour au texte", "Volver al texto", "本文に戻る", "العودة إلى النص"}},
	{"breadcrumbs", {"Breadcrumbs", "Pfad", "Fil d’Ariane", "Ruta de navegación", "パンくずリスト", "مسار التصفح"}},
	{"claims", {"Claims", "Aussagen", "Affirmations", "Afirmaciones", "主張", "الادعاءات"}},
	{"close", {"Close", "Schließen", "Fermer", "Cerrar", "閉じる", "إغلاق"}},
	{"column", {"Column", "Spalte", "Colonne", "Columna", "列", "العمود"}},
	{"data", {"data", "Daten", "données", "datos", "データ", "بيانات"}},
	{"data_as_of", {"Data as of %s", "Datenstand: %s", "Données au %s", "Datos a %s", "%s現在のデータ", "البيانات حتى %s"}},
	{"data_section", {"Data", "Daten", "Données", "Datos", "データ", "البيانات"}},
	{"data_table", {"Data table", "Datentabelle", "Tableau de données", "Tabla de datos", "データ表", "جدول البيانات"}},
	{"dataset", {"Dataset", "Datensatz", "Jeu de données", "Conjunto de datos", "データセット", "مجموعة بيانات"}},
	{"datasets", {"Datasets", "Datensätze", "Jeux de données", "Conjuntos de datos", "データセット", "مجموعات البيانات"}},
	{"datasets_read", {"Datasets read",
	                   "Gelesene Datensätze",
	                   "Jeux de données lus",
	                   "Conjuntos de datos leídos",
	                   "読み込んだデータセット",
	                   "مجموعات البيانات المقروءة"}},
	{"definition", {"Definition", "Definition", "Définition", "Definición", "定義", "التعريف"}},
	{"differs", {"Differs from the data, which give %s", "Weicht von den Daten ab, die %s ergeben", "Diffère des données, qui donnent %s",
	             "Difiere de los datos, que dan %s", "データ(%s)と相違", "يختلف عن البيانات التي تعطي %s"}},
	{"doubled", {"doubled", "verdoppelte sich", "a doublé", "se duplicó", "2倍になった", "تضاعف"}},
	{"doubled_nearly", {"nearly doubled", "verdoppelte sich nahezu", "a presque doublé", "casi se duplicó", "ほぼ2倍になった", "تضاعف تقريبًا"}},
	{"doubled_over", {"more than doubled", "mehr als verdoppelte sich", "a plus que doublé", "se duplicó con creces", "2倍以上になった", "زاد عن الضعف"}},
	{"download", {"Download", "Herunterladen", "Télécharger", "Descargar", "ダウンロード", "تنزيل"}},
	{"entries", {"%s entries", "%s Einträge", "%s entrées", "%s entradas", "%s件", "%s من المدخلات"}},
	{"exercise", {"Exercise", "Übung", "Exercice", "Ejercicio", "演習", "تمرين"}},
	{"fell", {"fell", "sank", "a baissé", "bajó", "低下した", "انخفض"}},
	{"figure", {"Figure", "Abbildung", "Figure", "Figura", "図", "الشكل"}},
	{"figures_lead", {"Figures with a dotted underline lead to the row and the query they come from.",
	                  "Gepunktet unterstrichene Zahlen führen zu der Zeile und der Abfrage, aus der sie stammen.",
	                  "Les chiffres soulignés en pointillé mènent à la ligne et à la requête dont ils proviennent.",
	                  "Las cifras con subrayado punteado llevan a la fila y a la consulta de las que proceden.",
	                  "点線の数値は、その元となる行とクエリにリンクしています。",
	                  "تقود الأرقام ذات التسطير المنقط إلى الصف والاستعلام اللذين أُخذت منهما."}},
	{"file", {"File", "Datei", "Fichier", "Archivo", "ファイル", "الملف"}},
	{"filter_rows", {"Filter rows", "Zeilen filtern", "Filtrer les lignes", "Filtrar filas", "行を絞り込む", "تصفية الصفوف"}},
	{"first_of_rows", {"The first %s of %s rows", "Die ersten %s von %s Zeilen", "Les %s premières lignes sur %s", "Las primeras %s de %s filas",
	                   "最初の%s行(全%s行)", "أول %s من %s صفوف"}},
	{"footnotes", {"Footnotes", "Fußnoten", "Notes", "Notas", "脚注", "الحواشي"}},
	{"for_each", {"For each", "Für jede Ausprägung von", "Pour chaque", "Por cada", "区分", "لكل"}},
	{"for_readers", {"For %s", "Für %s", "Pour %s", "Para %s", "対象:%s", "إلى %s"}},
	{"formula", {"Formula", "Formel", "Formule", "Fórmula", "計算式", "الصيغة"}},
	{"from", {" from ", " aus ", " d’après ", " de ", ":", " من "}},
	{"glossary", {"Glossary", "Glossar", "Glossaire", "Glosario", "用語集", "مسرد المصطلحات"}},
	{"group_total", {"Subtotal", "Zwischensumme", "Sous-total", "Subtotal", "小計", "المجموع الفرعي"}},
	{"half", {"half", "die Hälfte", "la moitié", "la mitad", "半分", "النصف"}},
	{"halved", {"halved", "halbierte sich", "a diminué de moitié", "se redujo a la mitad", "半減した", "انخفض إلى النصف"}},
	{"halved_over", {"fell by more than half", "sank um mehr als die Hälfte", "a diminué de plus de moitié", "cayó más de la mitad", "半分以下になった", "انخفض بأكثر من النصف"}},
	{"hardly_any", {"hardly any", "fast keine", "presque aucun", "casi ninguno", "ほとんどない", "لا شيء تقريبًا"}},
	{"held", {"held steady", "blieb unverändert", "est restée stable", "se mantuvo", "横ばいだった", "استقر"}},
	{"home", {"Home", "Startseite", "Accueil", "Inicio", "ホーム", "الرئيسية"}},
	{"index_a_z", {"Index A–Z", "Index A–Z", "Index A–Z", "Índice A–Z", "索引", "الفهرس"}},
	{"inputs", {"Inputs", "Eingangsdaten", "Données d’entrée", "Datos de entrada", "入力", "المدخلات"}},
	{"language", {"Language", "Sprache", "Langue", "Idioma", "言語", "اللغة"}},
	{"language_name", {"English", "Deutsch", "Français", "Español", "日本語", "العربية"}},
	{"largest", {"The %s largest", "Die %s größten", "Les %s plus grands", "Los %s mayores", "上位%s件", "أكبر %s"}},
	{"latest_values", {"Latest values", "Neueste Werte", "Dernières valeurs", "Últimos valores", "最新の値", "أحدث القيم"}},
	{"latest_values_of", {"%s, latest values", "%s, neueste Werte", "%s, dernières valeurs", "%s, últimos valores", "%s(最新の値)", "%s، أحدث القيم"}},
	{"licence", {"Licence", "Lizenz", "Licence", "Licencia", "ライセンス", "الترخيص"}},
	{"meaning", {"Meaning", "Bedeutung", "Signification", "Significado", "意味", "المعنى"}},
	{"measures", {"Measures", "Maße", "Mesures", "Medidas", "測定値", "القياسات"}},
	{"menu", {"Menu", "Menü", "Menu", "Menú", "メニュー", "القائمة"}},
	{"metric", {"Metric", "Kennzahl", "Indicateur", "Métrica", "指標", "مقياس"}},
	{"metric_unused", {"No page prints a figure of this metric; other metrics may select from it.",
	                   "Keine Seite zeigt eine Zahl dieser Kennzahl; andere Kennzahlen mögen auf ihr beruhen.",
	                   "Aucune page n’affiche de chiffre de cet indicateur ; d’autres indicateurs peuvent s’en servir.",
	                   "Ninguna página muestra cifras de esta métrica; otras métricas pueden basarse en ella.",
	                   "この指標の数値を示すページはありません。他の指標が利用している場合があります。",
	                   "لا تعرض أي صفحة رقمًا من هذا المقياس، وقد تستند إليه مقاييس أخرى."}},
	{"metric_uses", {"Metrics that this one selects from:",
	                 "Kennzahlen, auf denen diese beruht:",
	                 "Indicateurs dont celui-ci se sert :",
	                 "Métricas en las que se basa esta:",
	                 "この指標の基になる指標:",
	                 "المقاييس التي يستند إليها هذا المقياس:"}},
	{"metrics", {"Metrics", "Kennzahlen", "Indicateurs", "Métricas", "指標", "المقاييس"}},
	{"minutes", {"%s min read", "%s Min. Lesezeit", "%s min de lecture", "%s min de lectura", "読了%s分", "%s د قراءة"}},
	{"more_than", {"more than %s", "mehr als %s", "plus de %s", "más de %s", "%s以上", "أكثر من %s"}},
	{"nearly_all", {"nearly all", "fast alle", "presque tous", "casi todos", "ほぼすべて", "الكل تقريبًا"}},
	{"neighbours", {"Neighbouring pages", "Benachbarte Seiten", "Pages voisines", "Páginas vecinas", "前後のページ", "الصفحات المجاورة"}},
	{"next", {"Next", "Weiter", "Suivant", "Siguiente", "次へ", "التالي"}},
	{"none", {"none", "keine", "aucun", "ninguno", "なし", "لا شيء"}},
	{"note", {"Note", "Hinweis", "Remarque", "Nota", "注", "ملاحظة"}},
	{"notes", {"Notes", "Anmerkungen", "Remarques", "Notas", "備考", "ملاحظات"}},
	{"on_this_page", {"On this page", "Auf dieser Seite", "Sur cette page", "En esta página", "このページの内容", "في هذه الصفحة"}},
	{"one_value_for_each", {"One value for each", "Je ein Wert für", "Une valeur par", "Un valor por cada", "値の単位", "قيمة لكل"}},
	{"parameters", {"Parameters", "Parameter", "Paramètres", "Parámetros", "パラメーター", "المعاملات"}},
	{"part_of_whole", {"{part} in {whole}", "{part} von {whole}", "{part} sur {whole}", "{part} de cada {whole}", "{whole}分の{part}", "{part} من كل {whole}"}},
	{"period", {"Period", "Zeitraum", "Période", "Período", "期間", "الفترة"}},
	{"previous", {"Previous", "Zurück", "Précédent", "Anterior", "前へ", "السابق"}},
	{"quadrupled", {"quadrupled", "vervierfachte sich", "a quadruplé", "se cuadruplicó", "4倍になった", "تضاعف أربع مرات"}},
	{"quadrupled_over", {"more than quadrupled", "mehr als vervierfachte sich", "a plus que quadruplé", "se cuadruplicó con creces", "4倍以上になった", "تضاعف أكثر من أربع مرات"}},
	{"query", {"Query", "Abfrage", "Requête", "Consulta", "クエリ", "الاستعلام"}},
	{"restated", {"Restated: %s in edition %s", "Geändert: %s in der Ausgabe %s", "Révisé : %s dans l’édition %s", "Revisado: %s en la edición %s",
	              "改定:%s(%s版)", "معدَّل: %s في إصدار %s"}},
	{"restated_because", {"Restated, published as %s: %s", "Geändert, veröffentlicht als %s: %s", "Révisé, publié comme %s : %s",
	                      "Revisado, publicado como %s: %s", "改定(公表値%s):%s", "معدَّل، نُشر كما يلي %s: %s"}},
	{"restated_figures", {"Restated figures", "Geänderte Zahlen", "Chiffres révisés", "Cifras revisadas", "改定された数値", "أرقام معدّلة"}},
	{"rose", {"rose", "stieg", "a augmenté", "subió", "上昇した", "ارتفع"}},
	{"rows", {"Rows", "Zeilen", "Lignes", "Filas", "行数", "الصفوف"}},
	{"rows_all", {"The table holds all %s rows, as do the files.",
	              "Die Tabelle enthält alle %s Zeilen, ebenso die Dateien.",
	              "Le tableau contient les %s lignes, comme les fichiers.",
	              "La tabla contiene las %s filas, igual que los archivos.",
	              "表とファイルには全%s行があります。",
	              "يحتوي الجدول على جميع الصفوف وعددها %s، وكذلك الملفات."}},
	{"rows_latest", {"The table holds the latest %s of %s rows; the files hold them all.",
	                 "Die Tabelle enthält die neuesten %s von %s Zeilen, die Dateien alle.",
	                 "Le tableau contient les %s dernières lignes sur %s ; les fichiers les contiennent toutes.",
	                 "La tabla contiene las últimas %s de %s filas; los archivos, todas.",
	                 "表には最新の%s行(全%s行)があり、ファイルにはすべてがあります。",
	                 "يحتوي الجدول على أحدث %s من %s صفوف، وتحتوي الملفات عليها جميعًا."}},
	{"rows_shown", {"%s of %s rows", "%s von %s Zeilen", "%s lignes sur %s", "%s de %s filas", "%s/%s行", "%s من %s صفوف"}},
	{"search", {"Search", "Suche", "Rechercher", "Buscar", "検索", "بحث"}},
	{"search_none", {"Nothing found", "Nichts gefunden", "Aucun résultat", "Sin resultados", "見つかりません", "لا توجد نتائج"}},
	{"search_some", {"Results: %s", "Treffer: %s", "Résultats : %s", "Resultados: %s", "%s件", "النتائج: %s"}},
	{"section", {"Section", "Abschnitt", "Section", "Sección", "節", "القسم"}},
	{"since", {"since", "seit", "depuis", "desde", "以来", "منذ"}},
	{"site", {"Site", "Website", "Site", "Sitio", "サイト", "الموقع"}},
	{"skip", {"Skip to the content", "Zum Inhalt springen", "Aller au contenu", "Saltar al contenido", "本文へ移動", "انتقل إلى المحتوى"}},
	{"source", {"Source", "Quelle", "Source", "Fuente", "出典", "المصدر"}},
	{"source_file", {"Source file", "Quelldatei", "Fichier source", "Archivo fuente", "ソースファイル", "الملف المصدر"}},
	{"sources", {"Sources", "Quellen", "Sources", "Fuentes", "出典一覧", "المصادر"}},
	{"synthetic", {"synthetic", "synthetisch", "synthétique", "sintético", "合成", "اصطناعي"}},
	{"synthetic_data", {"Synthetic data.", "Synthetische Daten.", "Données synthétiques.", "Datos sintéticos.", "合成データ。", "بيانات اصطناعية."}},
	{"synthetic_notice", {"Figures on this page rest on generated records. They show the method and describe no real company.",
	                      "Die Zahlen auf dieser Seite beruhen auf erzeugten Datensätzen. Sie zeigen die Methode und beschreiben kein wirkliches Unternehmen.",
	                      "Les chiffres de cette page reposent sur des données générées. Ils illustrent la méthode et ne décrivent aucune entreprise réelle.",
	                      "Las cifras de esta página se basan en registros generados. Muestran el método y no describen ninguna empresa real.",
	                      "このページの数値は生成されたデータに基づきます。方法を示すもので、実在の企業を表すものではありません。",
	                      "تستند أرقام هذه الصفحة إلى سجلات مولَّدة. وهي توضح المنهج ولا تصف أي شركة حقيقية."}},
	{"table", {"Table", "Tabelle", "Tableau", "Tabla", "表", "الجدول"}},
	{"total", {"Total", "Summe", "Total", "Total", "合計", "المجموع"}},
	{"trend", {"Trend", "Verlauf", "Tendance", "Tendencia", "推移", "الاتجاه"}},
	{"tripled", {"tripled", "verdreifachte sich", "a triplé", "se triplicó", "3倍になった", "تضاعف ثلاث مرات"}},
	{"tripled_over", {"more than tripled", "mehr als verdreifachte sich", "a plus que triplé", "se triplicó con creces", "3倍以上になった", "تضاعف أكثر من ثلاث مرات"}},
	{"unchanged", {"unchanged", "unverändert", "inchangé", "sin cambios", "変化なし", "دون تغيير"}},
	{"unchecked", {"Not checked: the data hold nothing to check it by", "Nicht geprüft: Die Daten enthalten nichts dazu",
	               "Non vérifié : les données ne le permettent pas", "Sin comprobar: los datos no lo permiten",
	               "未検証:照合できるデータがない", "لم يُتحقق منه: لا توجد بيانات للمقارنة"}},
	{"unit", {"Unit", "Einheit", "Unité", "Unidad", "単位", "الوحدة"}},
	{"warning", {"Warning", "Warnung", "Attention", "Aviso", "警告", "تحذير"}},
	{"what_it_measures", {"What it measures", "Was sie misst", "Ce qu’il mesure", "Qué mide", "測定の対象", "ما يقيسه"}},
	{"where_used", {"Where it is used", "Wo sie verwendet wird", "Où il est utilisé", "Dónde se usa", "使用箇所", "أين يُستخدم"}},
};

static guint language_of(const StetLocale *locale)
{
	const char *tag = stet_locale_tag(locale);
	gsize n = strcspn(tag, "-");
	for (guint i = 0; i < N_LANGUAGES; i++)
		if (n == strlen(languages[i]) && strncmp(tag, languages[i], n) == 0)
			return i;
	return EN;
}

static guint n_entries(void)
{
	return G_N_ELEMENTS(entries) + n_catalogue_pages;
}

static const CatalogueEntry *entry_at(guint i)
{
	return i < G_N_ELEMENTS(entries) ? &entries[i] : &catalogue_pages[i - G_N_ELEMENTS(entries)];
}

const char *catalogue_text(const StetLocale *locale, const char *key)
{
	static GHashTable *by_key;
	static gsize once;
	if (g_once_init_enter(&once)) {
		by_key = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint i = 0; i < n_entries(); i++)
			g_hash_table_insert(by_key, (gpointer)entry_at(i)->key, (gpointer)entry_at(i));
		g_once_init_leave(&once, 1);
	}
	const CatalogueEntry *entry = g_hash_table_lookup(by_key, key);
	return entry ? entry->texts[language_of(locale)] : NULL;
}

/* What a language calls itself; its tag where stet does not know. */
const char *language_name(const StetLocale *locale)
{
	return language_of(locale) != EN || stet_locale_is_english(locale) ? catalogue_text(locale, "language_name") : stet_locale_tag(locale);
}

const char *const *catalogue_keys(void)
{
	static const char **keys;
	static gsize once;
	if (g_once_init_enter(&once)) {
		keys = g_new0(const char *, n_entries() + 1);
		for (guint i = 0; i < n_entries(); i++)
			keys[i] = entry_at(i)->key;
		g_once_init_leave(&once, 1);
	}
	return keys;
}

const char *say(const Maker *maker, const char *key)
{
	const StetNode *own = stet_node_get(stet_node_get(maker->book->world->project->site.node, "words"), key);
	if (own && own->kind == STET_NODE_MAP)
		own = stet_node_get(own, stet_locale_tag(maker_locale(maker)));
	const char *text = own && own->text ? own->text : catalogue_text(maker_locale(maker), key);
	return text ? text : key;
}

/* Each %s takes the next text; nothing else of the pattern is special. */
char *say_with(const Maker *maker, const char *key, const char *first, const char *second)
{
	g_auto(GStrv) parts = g_strsplit(say(maker, key), "%s", 3);
	GString *out = g_string_new(parts[0]);
	for (guint i = 1; parts[0] && parts[i]; i++) {
		g_string_append(out, i == 1 ? first : second ? second : "");
		g_string_append(out, parts[i]);
	}
	return g_string_free(out, FALSE);
}
