/*
 * words.c -- closed lists in two languages, ordered as the lists are in
 * custody/act_*.c; tests/report/test_words.c asks for every one of them.
 */
#include <stddef.h>
#include <string.h>

#include "report/words.h"

static const struct {
	const char *list, *code, *en, *zh;
} word[] = {
	{ "kind", "physical_medium", "physical medium", "實體儲存媒體" },
	{ "kind", "device", "device", "裝置" },
	{ "kind", "document", "document", "文件" },
	{ "kind", "digital_original", "digital original", "數位原件" },
	{ "kind", "forensic_image", "forensic image", "鑑識映像" },
	{ "kind", "working_copy", "working copy", "工作複本" },
	{ "kind", "derived_output", "derived output", "衍生產出" },
	{ "kind", "report", "report", "報告" },
	{ "kind", "warrant", "warrant", "令狀" },
	{ "kind", "consent", "consent", "同意書" },
	{ "kind", "order", "order", "命令" },
	{ "kind", "police_lab", "police laboratory", "警察機關實驗室" },
	{ "kind", "police_unit", "police unit", "警察單位" },
	{ "kind", "prosecutors_office", "prosecutors' office", "檢察署" },
	{ "kind", "ministry", "ministry", "部會" },
	{ "kind", "court", "court", "法院" },
	{ "kind", "ci_operator", "operator of critical infrastructure",
	    "關鍵基礎設施提供者" },
	{ "kind", "external_lab", "external laboratory", "外部實驗室" },
	{ "kind", "courier", "courier", "遞送機構" },
	{ "kind", "scene", "scene", "現場" },
	{ "kind", "vehicle", "vehicle", "車輛" },
	{ "kind", "reception", "reception", "收件處" },
	{ "kind", "vault", "vault", "證物室" },
	{ "kind", "workbench", "workbench", "工作檯" },
	{ "kind", "server", "server", "伺服器" },
	{ "kind", "external", "external place", "外部處所" },
	{ "kind", "imager", "imager", "映像製作工具" },
	{ "kind", "write_blocker", "write blocker", "防寫器" },
	{ "kind", "workstation", "workstation", "工作站" },
	{ "kind", "software", "software", "軟體" },
	{ "kind", "item", "item", "證物" },
	{ "kind", "case", "case", "案件" },
	{ "kind", "lab", "laboratory", "實驗室" },
	{ "kind", "release", "release", "發布" },
	{ "relation", "component", "a component of it", "其組件" },
	{ "relation", "extracted_from", "extracted from it", "由其擷取" },
	{ "relation", "image_of", "its image", "其映像" },
	{ "relation", "copy_of", "a copy of it", "其複本" },
	{ "relation", "sample_of", "a sample of it", "其樣本" },
	{ "nature", "physical", "physical", "實體" },
	{ "nature", "digital", "digital", "數位" },
	{ "seal_state", "intact", "intact", "完整" },
	{ "seal_state", "damaged", "damaged", "毀損" },
	{ "seal_state", "missing", "missing", "缺漏" },
	{ "seal_state", "differs", "another number", "號碼不符" },
	{ "seal_state", "none", "no seal", "無封緘" },
	{ "unsealed", "powered", "under power", "通電中" },
	{ "unsealed", "network_isolated", "isolated from networks",
	    "網路隔離中" },
	{ "unsealed", "too_large", "too large", "體積過大" },
	{ "unsealed", "wet", "wet", "潮濕" },
	{ "unsealed", "living_system", "living system", "運作中系統" },
	{ "method", "in_person", "in person", "當面交付" },
	{ "method", "courier", "by courier", "遞送" },
	{ "method", "secure_upload", "secure upload", "安全上傳" },
	{ "method", "internal", "internal", "內部傳送" },
	{ "method", "physical", "whole device", "完整實體裝置" },
	{ "method", "partition", "partition", "分割區" },
	{ "method", "logical", "logical", "邏輯" },
	{ "method", "full_file_system", "full file system", "完整檔案系統" },
	{ "method", "backup", "backup", "備份" },
	{ "method", "chip_off", "chip-off", "拆晶片" },
	{ "method", "jtag", "JTAG", "JTAG" },
	{ "method", "screen_photographs", "photographs of the screen",
	    "螢幕拍攝" },
	{ "method", "live_memory", "memory of a running system",
	    "運作中系統之記憶體" },
	{ "method", "live_volume", "volume of a running system",
	    "運作中系統之磁碟區" },
	{ "method", "network", "over a network", "網路" },
	{ "method", "cloud", "from a cloud service", "雲端服務" },
	{ "method", "external_lab", "by another laboratory", "外部實驗室" },
	{ "write_protection", "hardware", "hardware write blocker",
	    "硬體防寫器" },
	{ "write_protection", "kernel_read_only", "kernel's read-only flag",
	    "僅核心唯讀旗標" },
	{ "write_protection", "none", "none", "無" },
	{ "write_protection", "unknown", "unknown", "不明" },
	{ "competence", "in_date", "in date", "有效" },
	{ "competence", "expired", "expired", "逾期" },
	{ "competence", "none", "none on record", "無紀錄" },
	{ "tool_validation", "in_date", "in date", "有效" },
	{ "tool_validation", "expired", "expired", "逾期" },
	{ "tool_validation", "none", "none on record", "無紀錄" },
	{ "serial_match", "same", "the same", "相符" },
	{ "serial_match", "differs", "different", "不符" },
	{ "serial_match", "unknown", "not compared", "未比對" },
	{ "condition_match", "same", "as on record", "與紀錄相符" },
	{ "condition_match", "differs", "not as on record", "與紀錄不符" },
	{ "condition_match", "unknown", "not compared", "未比對" },
	{ "result", "complete", "complete", "完成" },
	{ "result", "complete_with_errors", "complete, with errors",
	    "完成，但有錯誤" },
	{ "result", "truncated", "truncated", "不完整" },
	{ "result", "aborted", "aborted", "中止" },
	{ "result", "failed", "failed", "失敗" },
	{ "verified", "ok", "yes, the same digests", "是，雜湊值相符" },
	{ "verified", "failed", "failed", "失敗" },
	{ "verdict", "ok", "ok", "相符" },
	{ "verdict", "digest_differs", "the digest differs", "雜湊值不符" },
	{ "verdict", "container_damaged", "the container is damaged",
	    "映像容器毀損" },
	{ "verdict", "unreadable", "unreadable", "無法讀取" },
	{ "verdict", "no_signed_event", "no signed entry", "無已簽署之紀錄" },
	{ "outcome", "DISPOSED", "disposed of", "已銷毀" },
	{ "outcome", "RETURNED", "returned", "已發還" },
	{ "source", "paper", "paper", "書面" },
	{ "source", "memory", "memory", "記憶" },
	{ "source", "camera", "camera", "影像" },
	{ "field", "description", "description", "品名" },
	{ "field", "marks", "marks", "特徵" },
	{ "field", "serial", "serial number", "序號" },
	{ "field", "condition", "condition", "外觀狀況" },
	{ "field", "place", "place", "處所" },
	{ "field", "occurred_at", "time of the act", "行為時間" },
	{ "field", "reason", "reason", "原因" },
	{ "value", "yes", "yes", "是" },
	{ "value", "no", "no", "否" },
	{ "value", "unknown", "unknown", "不明" },
	{ "value", "none", "none", "無" },
	{ "value", "file", "file", "檔案" },
	{ "value", "block", "block device", "區塊裝置" },
	{ "value", "zeroes", "zeroes", "零" },
	{ "severity", "grave", "grave", "嚴重" },
	{ "severity", "moderate", "moderate", "中等" },
	{ "severity", "slight", "slight", "輕微" },
	{ "status", "bad", "could not be read", "無法讀取" },
	{ "status", "skipped", "not tried", "略過" },
	{ "status", "recovered", "read after retries", "重試後讀得" },
	{ "status", "hidden", "hidden area", "隱藏區域" },
	{ "status", "checksum", "checksum differs", "檢查碼不符" },
	{ "status", "missing", "missing", "缺漏" },
	{ "status", "open", "open", "未結" },
	{ "status", "accepted", "accepted", "已受理" },
	{ "status", "refused", "refused", "不受理" },
	{ "status", "done", "done", "已完成" },
	{ "storage", "file", "file", "檔案" },
	{ "storage", "card", "smart card", "智慧卡" },
	{ "storage", "hsm", "hardware security module", "硬體安全模組" },
	{ "use", "person", "person", "人員" },
	{ "use", "station", "station", "工作站" },
	{ "use", "service", "service", "系統服務" },
	{ "form", "case", "case", "案件" },
	{ "form", "incident", "incident", "事件" },
	{ "form", "suspicious_activity", "suspicious activity", "可疑活動" },
	{ "role", "submitter", "submitter", "送件人" },
	{ "role", "custodian", "custodian", "保管人" },
	{ "role", "receiver", "receiver", "收受人" },
	{ "role", "holder", "holder", "持有人" },
	{ "role", "releaser", "releaser", "交付人" },
	{ "role", "examiner", "examiner", "鑑識人員" },
	{ "role", "officer", "officer", "承辦人員" },
	{ "role", "carrier", "carrier", "運送人" },
	{ "role", "keeper", "keeper", "代保管人" },
	{ "role", "owner", "owner", "所有人" },
	{ "role", "approver", "approver", "核准人" },
	{ "role", "executor", "executor", "執行人" },
	{ "role", "witness", "witness", "見證人" },
	{ "role", "recorder", "recorder", "記錄人" },
	{ "role", "registrar", "registrar", "登錄員" },
	{ "role", "administrator", "administrator", "管理員" },
	{ "role", "lab_head", "head of the laboratory", "實驗室主管" },
	{ "role", "prosecutor", "prosecutor", "檢察官" },
	{ "role", "duty_officer", "duty officer", "值勤官" },
	{ "role", "auditor", "auditor", "稽核人員" },
	{ "role", "station", "station", "工作站" },
	{ "role", "service", "service", "系統服務" },
	{ "role", "person", "person", "當事人" },
	{ "role", "founder", "founder", "創建人" },
	{ "role", "evidence_custodian", "evidence custodian", "證物保管員" },
	{ "role", "technical_reviewer", "technical reviewer", "技術審查員" },
	{ "role", "quality_manager", "quality manager", "品質主管" },
	{ "role", "investigator", "investigator", "偵查人員" },
	{ "role", "judge", "judge", "法官" },
	{ "role", "court_clerk", "court clerk", "書記官" },
	{ "role", "defence_counsel", "defence counsel", "辯護人" },
	{ "role", "defence_expert", "defence expert", "辯方專家" },
	{ "role", "interpreter", "interpreter", "通譯" },
	{ "role", "courier", "courier", "遞送員" },
	{ "role", "operator_contact", "operator's contact", "營運者聯絡人" },
};

static const struct {
	const char *name, *en, *zh;
} label[] = {
	{ "condition", "condition", "外觀狀況" },
	{ "reason", "reason", "原因" },
	{ "note", "note", "備註" },
	{ "authority", "authority", "處分依據" },
	{ "method", "method", "方法" },
	/* members of an imaging's device, environment and settings */
	{ "bus", "Bus", "匯流排" },
	{ "transport", "Transport", "傳輸介面" },
	{ "vendor", "Vendor", "廠牌" },
	{ "model", "Model", "型號" },
	{ "firmware", "Firmware", "韌體" },
	{ "kind", "Kind of source", "來源種類" },
	{ "removable", "Removable", "可移除" },
	{ "hpa", "Host protected area (HPA)", "主機保護區（HPA）" },
	{ "dco", "Device configuration overlay (DCO)", "裝置組態覆蓋（DCO）" },
	{ "smart", "SMART", "SMART" },
	{ "kernel_read_only", "Kernel's read-only flag", "核心唯讀旗標" },
	{ "read_past_cache", "Read past the cache", "略過快取讀取" },
	{ "kernel", "Kernel", "作業系統核心" },
	{ "machine", "Machine", "機器架構" },
	{ "program", "Program", "程式" },
	{ "program_sha256", "Program (SHA-256)", "程式（SHA-256）" },
	{ "chunk_size", "Bytes a chunk", "區塊大小（位元組）" },
	{ "compression", "Compression", "壓縮" },
	{ "compressor", "Compressed by", "壓縮程式庫" },
	{ "destinations", "Destinations", "目的地數" },
	{ "destinations_good", "Destinations without fault", "無誤之目的地數" },
	{ "fill", "Unread sectors are filled with", "無法讀取處填入" },
	{ "format", "Format", "格式" },
	{ "granularity", "Sectors given up together", "一次放棄之磁區數" },
	{ "length", "Bytes asked for", "要求位元組數" },
	{ "offset", "From byte", "起始位元組" },
	{ "reader", "Read back by", "讀回程式庫" },
	{ "reader_jail", "Jail of the reader", "讀回程式之隔離" },
	{ "retries", "Retries", "重試次數" },
	{ "segment_size", "Bytes a segment, at most",
	    "分段大小上限（位元組）" },
	{ "writer", "Written by", "寫入程式庫" },
};

/* Its place in word[], or -1. */
static ptrdiff_t
place_of(const char *list, const char *code)
{
	const char *same = list;

	if (strcmp(list, "org_kind") == 0)
		same = "kind";
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		if (strcmp(word[i].list, same) == 0 &&
		    strcmp(word[i].code, code) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

const char *
ex_word(const char *list, const char *code, int zh)
{
	ptrdiff_t i = place_of(list, code);

	if (i < 0)
		return code;
	return zh ? word[i].zh : word[i].en;
}

int
ex_word_known(const char *list, const char *code)
{
	return place_of(list, code) >= 0;
}

const char *
ex_word_label(const char *name, int zh)
{
	for (size_t i = 0; i < sizeof(label) / sizeof(label[0]); i++) {
		if (strcmp(label[i].name, name) == 0)
			return zh ? label[i].zh : label[i].en;
	}
	return name;
}
