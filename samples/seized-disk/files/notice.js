// Sample data: stands for the file that was opened.  It does nothing.
var notice = "繳費通知 (範例)";
