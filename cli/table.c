/*
 * table.c -- every command and every option, in the order of the manual.
 */
#include "cli/command.h"

#include <string.h>

static const struct cli_group *const group[] = {
	&cli_group_house,
	&cli_group_people,
	&cli_group_cases,
	&cli_group_search,
	&cli_group_media,
	&cli_group_log,
	&cli_group_out,
};

static const struct cli_option global[] = {
	{ "data", "DIR", "~/.local/share/exhibit", 0, 0,
	    { "the data directory, also -C DIR or EXHIBIT_DATA",
		"資料目錄，亦可用 -C DIR 或 EXHIBIT_DATA" } },
	{ "as", "KEY", NULL, 0, 0,
	    { "the key that acts in the command's name, also EXHIBIT_AS",
		"以此金鑰執行並簽署，亦可用 EXHIBIT_AS" } },
	{ "with", "KEY", NULL, 0, 1,
	    { "the other party's key, at the same desk", "同席另一方的金鑰" } },
	{ "witness", "KEY", NULL, 0, 1, { "a witness's key", "在場人的金鑰" } },
	{ "party", "PERSON:ROLE:paper|refused|absent[:FILE]", NULL, 0, 1,
	    { "a party without a key; FILE is the scanned form",
		"未持金鑰之一方；FILE 為簽名表單掃描檔" } },
	{ "pin-file", "KEY=FILE", NULL, 0, 1,
	    { "read the PIN of KEY from FILE", "由檔案讀取金鑰的 PIN" } },
	{ "json", NULL, NULL, 0, 0,
	    { "answer in JSON, one object a line; the last is the summary",
		"以 JSON 輸出，一行一物件，末行為摘要" } },
	{ "lang", "zh-TW|en", NULL, 0, 0,
	    { "language of texts; the locale decides without it",
		"文字語言；未指定時依語系環境" } },
	{ "quiet", NULL, NULL, 0, 0,
	    { "print nothing but errors", "僅輸出錯誤" } },
	{ "without-landlock", NULL, NULL, 0, 0,
	    { "read images with seccomp alone where the kernel has no "
	      "Landlock; it is recorded",
		"核心無 Landlock 時僅以 seccomp 隔離讀取，並記錄之" } },
	{ "help", NULL, NULL, 0, 0,
	    { "show what the command takes, also -h", "顯示說明，亦可用 -h" } },
	{ "version", NULL, NULL, 0, 0, { "show the version", "顯示版本" } },
};

const struct cli_group *
cli_groups(size_t *n)
{
	static struct cli_group all[sizeof(group) / sizeof(group[0])];

	*n = sizeof(group) / sizeof(group[0]);
	for (size_t i = 0; i < *n; i++)
		all[i] = *group[i];
	return all;
}

const struct cli_option *
cli_globals(size_t *n)
{
	*n = sizeof(global) / sizeof(global[0]);
	return global;
}

/* Does name consist of exactly these words? */
static int
is_words(const char *name, const char *const *word, size_t n)
{
	size_t len = strlen(word[0]);

	if (strncmp(name, word[0], len) != 0)
		return 0;
	if (n == 1)
		return name[len] == '\0';
	return name[len] == ' ' && strcmp(name + len + 1, word[1]) == 0;
}

const struct cli_command *
cli_command_find(const char *const *word, size_t n, size_t *used)
{
	for (size_t words = n < 2 ? n : 2; words > 0; words--)
		for (size_t g = 0; g < sizeof(group) / sizeof(group[0]); g++)
			for (size_t i = 0; i < group[g]->n; i++) {
				const struct cli_command *c =
				    &group[g]->command[i];

				if (!is_words(c->name, word, words))
					continue;
				*used = words;
				return c;
			}
	return NULL;
}

int
cli_topic(const char *word)
{
	size_t len = strlen(word);

	for (size_t g = 0; g < sizeof(group) / sizeof(group[0]); g++)
		for (size_t i = 0; i < group[g]->n; i++)
			if (strncmp(group[g]->command[i].name, word, len) ==
				0 &&
			    group[g]->command[i].name[len] == ' ')
				return 1;
	return 0;
}
