/*
 * hardware.c -- the table of what no hardware here can prove.
 */
#include "intake/hardware.h"

#include <string.h>

static const struct ex_hardware_mark marks[] = {
	{ "ata_identity", "A-03",
	    "identity by IDENTIFY DEVICE through SG_IO: tested on a scripted "
	    "drive",
	    "以 SG_IO 送 IDENTIFY DEVICE 取得識別資料：僅以模擬磁碟測試" },
	{ "scsi_identity", "A-03",
	    "identity by INQUIRY and page 80h through SG_IO: tested on a "
	    "scripted drive",
	    "以 SG_IO 送 INQUIRY 與 80h 頁取得識別資料：僅以模擬磁碟測試" },
	{ "nvme_identity", "A-03",
	    "identity by NVMe Identify: tested on a scripted drive",
	    "以 NVMe Identify 取得識別資料：僅以模擬磁碟測試" },
	{ "hpa", "A-07",
	    "host protected area found: tested on a scripted drive",
	    "偵測主機保護區（HPA）：僅以模擬磁碟測試" },
	{ "dco", "A-07",
	    "device configuration overlay found: tested on a scripted drive",
	    "偵測裝置組態覆蓋（DCO）：僅以模擬磁碟測試" },
	{ "nvme_unallocated", "A-07",
	    "capacity of NVMe that no namespace has: tested on a scripted "
	    "drive",
	    "NVMe 未配置容量：僅以模擬磁碟測試" },
	{ "security", "A-03", "ATA security state: tested on a scripted drive",
	    "ATA 安全狀態：僅以模擬磁碟測試" },
	{ "smart", "A-03",
	    "SMART before and after, temperature: tested on a scripted drive",
	    "取證前後之 SMART 與溫度：僅以模擬磁碟測試" },
	{ "bridge", "X-05",
	    "a bridge that errs gives \"unknown\": tested on a scripted "
	    "bridge",
	    "轉接器出錯時記為「不明」：僅以模擬轉接器測試" },
	{ "write_blocker", "X-06",
	    "a hardware write blocker is the examiner's statement and is not "
	    "tested by the program",
	    "硬體防寫器為鑑識人員之聲明，程式不予測試" },
};

const struct ex_hardware_mark *
ex_hardware_marks(size_t *n)
{
	*n = sizeof(marks) / sizeof(marks[0]);
	return marks;
}

const struct ex_hardware_mark *
ex_hardware_mark(const char *id)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strcmp(marks[i].id, id) == 0)
			return &marks[i];
	return NULL;
}
