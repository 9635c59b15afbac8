/*
 * table_media.c -- imaging and reading images back.
 */
#include "cli/command.h"
#include "cli/runs.h"

#define LIST(a) a, sizeof(a) / sizeof((a)[0])

static const struct cli_option acquire_option[] = {
	{ "image", "NAME", "ITEM-I1, -I2, ...", 0, 0,
	    { "name of the image item", "映像證物編號" } },
	{ "to", "DIR", "the vault", 0, 1,
	    { "a destination instead of the vault", "映像存放目錄" } },
	{ "format", "e01|raw", "e01", 0, 0, { "container", "映像格式" } },
	{ "compression", "none|fast|best", "fast", 0, 0,
	    { "of an E01", "E01 壓縮" } },
	{ "segment-size", "N", "1500MiB", 0, 0,
	    { "bytes of a segment file; KiB, MiB, GiB may follow",
		"分段大小" } },
	{ "digest", "LIST", "md5,sha1,sha256", 0, 0,
	    { "digests; these three always", "雜湊演算法" } },
	{ "offset", "N", "0", 0, 0, { "first byte", "起始位移" } },
	{ "length", "N", "to the end", 0, 0, { "bytes", "長度" } },
	{ "retries", "N", "2", 0, 0,
	    { "further tries of a sector that fails", "壞軌重試次數" } },
	{ "granularity", "SECTORS", "1", 0, 0,
	    { "sectors given up together", "壞軌粒度" } },
	{ "bad-limit", "SECTORS", "none", 0, 0,
	    { "lost sectors after which the inside of bad regions is skipped",
		"壞軌達此數後略過其內部" } },
	{ "fill", "BYTE", "0", 0, 0,
	    { "0 to 255: stands for sectors that cannot be read",
		"無法讀取磁區之填充值" } },
	{ "wait", "SECONDS", "300", 0, 0,
	    { "for a source that goes away", "來源離線等候秒數" } },
	{ "reread", NULL, NULL, 0, 0,
	    { "read the source again at the end and compare",
		"完成後重讀來源並比對" } },
	{ "write-blocker", "ID", NULL, 0, 0,
	    { "enrolled tool that protects the source", "防寫設備" } },
	{ "method", "METHOD", "as it is found", 0, 0,
	    { "what of the medium is read: physical, partition, logical, ...",
		"取證方法" } },
	{ "live", NULL, NULL, 0, 0,
	    { "of a running system: in use is no refusal; needs --reason",
		"運作中系統，須附理由" } },
	{ "authority", "NUMBER", NULL, 0, 0,
	    { "the case's one valid authority without", "處分依據" } },
	{ "threads", "N", "one a processor", 0, 0,
	    { "compressing threads", "壓縮執行緒數" } },
	{ "resume", NULL, NULL, 0, 0,
	    { "go on with an acquisition that was paused or died; SOURCE may "
	      "be left out",
		"續行已暫停或中斷之取證，可省略來源" } },
	{ "truncate", NULL, NULL, 0, 0,
	    { "a source that is gone for good ends the image there; without, "
	      "imaging is paused",
		"來源永久消失時即以已讀部分結束映像，否則暫停" } },
	{ "room-wait", "SECONDS", "3600", 0, 0,
	    { "how long a destination without room is waited for",
		"目的磁碟空間不足時等候之秒數" } },
	{ "abandon", NULL, NULL, 0, 0,
	    { "end an acquisition that was begun and not finished",
		"放棄未完成之取證" } },
	{ "reason", "TEXT", NULL, 0, 0, { "why", "理由" } },
};

static const struct cli_option import_option[] = {
	{ "image", "NAME", "ITEM-I1, -I2, ...", 0, 0,
	    { "number of the new item", "新證物編號" } },
	{ "case", "CASE", NULL, 0, 0,
	    { "ITEM is not there yet: it is new in this case",
		"ITEM 尚未登錄，於此案新增" } },
	{ "format", "e01|raw|file|folder", "by what it is", 0, 0,
	    { "as what it is kept", "保存格式" } },
	{ "method", "METHOD", NULL, 0, 0,
	    { "physical, logical, full_file_system, backup, cloud, ...",
		"擷取方法" } },
	{ "tool", "ID", NULL, 0, 0, { "tool that made it", "製作工具" } },
	{ "tool-report", "FILE", NULL, 0, 0,
	    { "the tool's own report, kept with it", "工具報告" } },
	{ "changes", "TEXT", NULL, 0, 0,
	    { "what making it changed on the evidence", "對證物造成之變動" } },
	{ "expect", "ALG:HEX", NULL, 0, 1,
	    { "digest told on delivery, of the media; compared",
		"送交時所附雜湊值" } },
	{ "digest", "LIST", "md5,sha1,sha256", 0, 0,
	    { "digests; these three always", "雜湊演算法" } },
	{ "kind", "KIND", NULL, 0, 0,
	    { "forensic_image, digital_original, ...; by the format without",
		"證物種類" } },
	{ "description", "TEXT", NULL, 0, 0, { "description", "品名" } },
};

static const struct cli_option verify_option[] = {
	{ "all", NULL, NULL, 0, 0, { "every image", "全部映像" } },
	{ "at", "DIR", NULL, 0, 0,
	    { "the copy in this folder", "驗證此目錄之副本" } },
};

static const struct cli_option export_option[] = {
	{ "format", "raw|e01|csv|dfxml|bodyfile", "raw", 0, 0,
	    { "as what: the bytes, or the list of its files",
		"輸出格式：內容或檔案清單" } },
	{ "to", "PATH", NULL, 1, 0,
	    { "file to write, the first segment of an E01, or a folder",
		"輸出檔案或目錄" } },
	{ "recipient", "PERSON", NULL, 0, 0,
	    { "who gets it, in the entry", "收受人" } },
	{ "authority", "NUMBER", NULL, 0, 0,
	    { "by what right, in the entry", "處分依據" } },
	{ "segment-size", "N", "2GiB", 0, 0,
	    { "bytes of a segment file of an E01", "分段大小" } },
	{ "compression", "none|fast|best", "fast", 0, 0,
	    { "of an E01", "E01 壓縮" } },
};

static const struct cli_option catalogue_option[] = {
	{ "no-orphans", NULL, NULL, 0, 0,
	    { "do not search files without a name", "不搜尋無名檔案" } },
	{ "no-digests", NULL, NULL, 0, 0,
	    { "names and times only: neither digests nor types",
		"僅列名稱與時間，不計算雜湊" } },
	{ "patience", "SECONDS", "60", 0, 0,
	    { "without headway, then the reader is started again behind it",
		"無進展之等候秒數" } },
};

static const struct cli_option files_option[] = {
	{ "name", "GLOB", NULL, 0, 0,
	    { "of the name or the path: '*.jpg'", "檔名或路徑樣式" } },
	{ "type", "MIME", NULL, 0, 0,
	    { "of the content: 'image/*'", "內容類型" } },
	{ "deleted", NULL, NULL, 0, 0,
	    { "only names that are not in use", "僅列已刪除者" } },
	{ "known", "good|bad", NULL, 0, 0,
	    { "only those that a set of known files has", "僅列已知檔案" } },
	{ "sha256", "HEX", NULL, 0, 0,
	    { "only those with this digest", "僅列此雜湊值者" } },
	{ "limit", "N", "1000", 0, 0, { "lines at most", "最多列數" } },
};

static const struct cli_option hash_option[] = {
	{ "algorithms", "LIST", "sha256", 0, 0,
	    { "md5, sha1, sha256, sha512, sha3-256, blake2b; also -a",
		"演算法，亦可用 -a" } },
	{ "recursive", NULL, NULL, 0, 0,
	    { "folders with everything in them, also -r",
		"遞迴目錄，亦可用 -r" } },
	{ "format", "gnu|hashdeep|dfxml", "gnu", 0, 0,
	    { "how the list is written", "清單格式" } },
	{ "check", "LIST", NULL, 0, 0,
	    { "read a gnu or hashdeep list and compare; with files, tell "
	      "which are matched, known, moved, new, missing or differ",
		"依清單比對" } },
	{ "threads", "N", "one a processor", 0, 0,
	    { "files read at a time", "同時讀取之檔案數" } },
};

static const struct cli_option self_test_option[] = {
	{ "line", "LINE", NULL, 0, 0,
	    { "one line of the checklist only: A-02", "僅執行一項" } },
	{ "no-trial", NULL, NULL, 0, 0,
	    { "without the lines that found a house for themselves",
		"不建立測試資料目錄" } },
	{ "tool", "ID", "EXHIBIT", 0, 0,
	    { "what is signed as validated; entered when it is new",
		"登錄確效之工具" } },
	{ "until", "TIME", "a year from now", 0, 0,
	    { "how long the validation holds", "確效期限" } },
};

static const struct cli_command media[] = {
	{ "acquire", "ITEM [SOURCE]", 1, 2, LIST(acquire_option), 0,
	    cli_run_acquire,
	    { "image a medium, hash it, verify the image, sign all of it",
		"製作映像、計算雜湊、驗證並簽署" } },
	{ "import", "ITEM PATH...", 2, CLI_MANY, LIST(import_option), 0,
	    cli_run_import,
	    { "take an image set, a file or a folder that others made into "
	      "the vault, with a verdict",
		"匯入他人製作之映像、檔案或目錄" } },
	{ "verify", "[ITEM|IMAGE]", 0, 1, LIST(verify_option), 0,
	    cli_run_verify,
	    { "compare images with themselves and with the signed entries",
		"以映像自身與簽署紀錄驗證" } },
	{ "image list", "", 0, 0, NULL, 0, 0, cli_run_image_list,
	    { "list images", "列出映像" } },
	{ "image show", "IMAGE", 1, 1, NULL, 0, 0, cli_run_image_show,
	    { "show an image", "顯示映像" } },
	{ "image export", "IMAGE", 1, 1, LIST(export_option), 0,
	    cli_run_image_export,
	    { "write an image out; with --as the export is entered",
		"匯出映像" } },
	{ "catalogue", "IMAGE|ITEM", 1, 1, LIST(catalogue_option), 0,
	    cli_run_catalogue,
	    { "list volumes, file systems and files of an image, deleted "
	      "ones too, with digests and types; signed",
		"編目映像之磁區、檔案系統與檔案（含已刪除者），並簽署" } },
	{ "files", "IMAGE", 1, 1, LIST(files_option), 0, cli_run_files,
	    { "ask the newest catalogue of an image for files",
		"查詢映像最新編目之檔案" } },
	{ "media inspect", "SOURCE", 1, 1, NULL, 0, 0, cli_run_media_inspect,
	    { "what a source says about itself, read-only",
		"檢視媒體（唯讀）" } },
	{ "self-test", "", 0, 0, LIST(self_test_option), 0, cli_run_self_test,
	    { "run the checklist of imaging on this machine; with --as sign "
	      "the validation",
		"於本機執行取證檢核，並可簽署確效" } },
	{ "hash", "[FILE...]", 0, CLI_MANY, LIST(hash_option), 0, cli_run_hash,
	    { "digests of files, in one pass; needs no data directory",
		"計算檔案雜湊，無須資料目錄" } },
};

const struct cli_group cli_group_media = {
	{ "Imaging and media", "映像與媒體" },
	LIST(media),
};
