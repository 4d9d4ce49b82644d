using Danelaw.Dns.Messages;
using Danelaw.Dnssec.Resolution;
using Danelaw.Dnssec.Validation;

namespace Danelaw.Discovery;

/// <summary>How mail software reads an answer (RFC 7672 §2.1.1).</summary>
internal static class Lookups
{
    extension(Answer answer)
    {
        /// <summary>
        /// R05: bogus, indeterminate, and every rcode but NOERROR and NXDOMAIN are one class, lookup failure. NXDOMAIN and NODATA, secure or not, are answers (R06).
        /// </summary>
        internal bool HasFailed => answer.IsFailure || answer.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError);

        /// <summary>Whether the records asked for are there, and every link to them is secure (R03, R11).</summary>
        internal bool HasSecureRecords => answer.Security == Security.Secure && !answer.HasFailed && answer.Records is not null;

        /// <summary>Whether the name does not exist.</summary>
        internal bool IsNameError => !answer.HasFailed && answer.ResponseCode == ResponseCode.NameError;
    }
}
