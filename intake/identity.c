/*
 * identity.c -- names of facts and of those who told them.
 */
#include "intake/identity.h"

#include <string.h>

#include "intake/source.h"

const char *
ex_trait_name(enum ex_trait fact)
{
	static const char *const name[EX_TRAITS] = {
		[EX_TRAIT_SIZE] = "size",
		[EX_TRAIT_SECTOR] = "sector_size",
		[EX_TRAIT_PHYSICAL] = "physical_sector_size",
		[EX_TRAIT_READ_ONLY] = "kernel_read_only",
		[EX_TRAIT_REMOVABLE] = "removable",
		[EX_TRAIT_BY_ID] = "name_by_id",
		[EX_TRAIT_TRANSPORT] = "transport",
		[EX_TRAIT_VENDOR] = "vendor",
		[EX_TRAIT_MODEL] = "model",
		[EX_TRAIT_SERIAL] = "device_serial",
		[EX_TRAIT_FIRMWARE] = "firmware",
		[EX_TRAIT_DRIVE_SECTORS] = "drive_sectors",
		[EX_TRAIT_NATIVE] = "native_sectors",
		[EX_TRAIT_FACTORY] = "factory_sectors",
		[EX_TRAIT_HPA] = "hpa",
		[EX_TRAIT_DCO] = "dco",
		[EX_TRAIT_SECURITY] = "security",
		[EX_TRAIT_SMART] = "smart",
		[EX_TRAIT_ROTATION] = "rotation",
	};

	return name[fact];
}

const char *
ex_learned_text(unsigned learned)
{
	static const char *const text[] = { "unknown", "file", "kernel",
		"sysfs", "udev" };

	if (learned < EX_LEARNED_COMMAND)
		return text[learned];
	learned -= EX_LEARNED_COMMAND;
	return learned < EX_COMMANDS ? ex_command_name((enum ex_command)learned)
				     : text[0];
}

const char *
ex_known_text(enum ex_known known)
{
	switch (known) {
	case EX_NO:
		return "no";
	case EX_YES:
		return "yes";
	case EX_UNKNOWN:
	default:
		return "unknown";
	}
}

const char *
ex_health_text(enum ex_health health)
{
	switch (health) {
	case EX_HEALTH_PASSED:
		return "passed";
	case EX_HEALTH_FAILING:
		return "failing";
	case EX_HEALTH_UNKNOWN:
	default:
		return "unknown";
	}
}

const char *
ex_security_text(enum ex_security security)
{
	static const char *const text[EX_SECURITY_WORDS] = { "unknown",
		"not_supported", "off", "open", "locked" };

	return text[security];
}

const char *
ex_match_text(enum ex_match match)
{
	static const char *const text[] = { "unknown", "same", "differs" };

	return text[match];
}

/* The next character that counts, as a capital. */
static char
next(const char **p)
{
	char c;

	while (**p == ' ' || **p == '\t')
		(*p)++;
	c = **p;
	if (c != '\0')
		(*p)++;
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum ex_match
ex_serial_compare(const char *label, const char *read)
{
	const char *a = label, *b = read;
	char x, y;

	if (label == NULL || read == NULL || next(&a) == '\0' ||
	    next(&b) == '\0' || strcmp(read, "unknown") == 0)
		return EX_MATCH_UNKNOWN;
	a = label;
	b = read;
	do {
		x = next(&a);
		y = next(&b);
		if (x != y)
			return EX_MATCH_DIFFERS;
	} while (x != '\0');
	return EX_MATCH_SAME;
}
